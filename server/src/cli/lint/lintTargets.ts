import { existsSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, relative, resolve, sep } from 'node:path';
import { Failure } from '../failure';

/** One folder read as a project, and which of its files are asked for. */
export interface LintTarget {
  /** Absolute. */
  readonly root: string;
  /** Paths relative to the root; undefined for all. */
  readonly only: ReadonlySet<string> | undefined;
  /** Put before a path of the project to make it relative to what output paths are relative to. */
  readonly prefix: string;
}

/**
 * Turns the command's operands into projects. One folder: paths in the output are relative to it. Else they are
 * relative to the current folder, and single files belong to the project of the current folder.
 */
export function lintTargets(operands: readonly string[], cwd: string): readonly LintTarget[] {
  const paths = (operands.length === 0 ? ['.'] : operands).map((operand) => ({
    operand,
    path: resolve(cwd, operand),
  }));
  for (const { operand, path } of paths) if (!existsSync(path)) throw missing(operand);
  const folders = paths.filter(({ path }) => statSync(path).isDirectory()).map(({ path }) => path);
  const files = paths.map(({ path }) => path).filter((path) => !folders.includes(path));
  const single = folders.length === 1 && files.length === 0;
  const targets: LintTarget[] = folders.map((root) => ({
    root,
    only: undefined,
    prefix: single ? '' : prefixOf(root, cwd),
  }));
  const byRoot = new Map<string, Set<string>>();
  for (const file of files) {
    const root = projectRootOf(file, cwd);
    const only = byRoot.get(root) ?? new Set<string>();
    byRoot.set(root, only.add(slashed(relative(root, file))));
  }
  for (const [root, only] of byRoot) targets.push({ root, only, prefix: prefixOf(root, cwd) });
  return targets;
}

/** The current folder for files below it, so that their neighbours count; a home or a disk's root is no project. */
export function projectRootOf(file: string, cwd: string): string {
  const below = file.startsWith(cwd.endsWith(sep) ? cwd : cwd + sep);
  const tooWide = cwd === homedir() || dirname(cwd) === cwd;
  return below && !tooWide ? cwd : dirname(file);
}

function prefixOf(root: string, cwd: string): string {
  const path = slashed(relative(cwd, root));
  return path === '' ? '' : `${path}/`;
}

function slashed(path: string): string {
  return path.replaceAll('\\', '/');
}

function missing(operand: string): Failure {
  return new Failure({
    code: 'path-missing',
    what: { template: '{path} is not there', with: { path: operand } },
    why: { template: 'No file or folder has this path' },
    next: [{ template: 'Check the spelling, or run plimsoll in another folder' }],
  });
}
