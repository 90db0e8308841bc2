import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import ignore, { type Ignore } from 'ignore';

export interface WalkedFile {
  /** Relative to the walked folder, with `/`. */
  readonly path: string;
  readonly sizeBytes: number;
  /** Excluded by a .gitignore. */
  readonly ignored: boolean;
}

export interface WalkedFolder {
  readonly files: readonly WalkedFile[];
  /** Folders that exist and were not entered. */
  readonly opaqueFolders: readonly string[];
  /** Paths that could not be listed, with the system's code. */
  readonly unreadable: readonly { readonly path: string; readonly code: string }[];
}

/** Folders nobody writes by hand: too many files to walk at every start. */
const opaque = new Set([
  '.git',
  '.hg',
  '.svn',
  'node_modules',
  '.venv',
  'venv',
  '__pycache__',
  '.mypy_cache',
  '.ruff_cache',
  '.pytest_cache',
  '.tox',
  '.nox',
  'site-packages',
]);

interface IgnoreFile {
  /** Folder of the .gitignore, with trailing `/`, empty at the top. */
  readonly folder: string;
  readonly rules: Ignore;
}

/**
 * Walks a folder, yielding after every folder read so that a caller with other duties can pause. Links to files
 * are followed, links to folders are not (a loop would never end).
 */
export function* walkFolder(root: string): Generator<undefined, WalkedFolder> {
  const files: WalkedFile[] = [];
  const opaqueFolders: string[] = [];
  const unreadable: { path: string; code: string }[] = [];
  const waiting: {
    readonly folder: string;
    readonly ignores: readonly IgnoreFile[];
    readonly ignored: boolean;
  }[] = [{ folder: '', ignores: [], ignored: false }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { folder, ignored } = next;
    let entries: readonly Dirent[];
    try {
      entries = readdirSync(join(root, folder), { withFileTypes: true });
    } catch (error) {
      unreadable.push({ path: folder, code: codeOf(error) });
      continue;
    }
    const ignores = withOwnIgnoreFile(root, folder, entries, next.ignores);
    for (const entry of entries) {
      const path = folder + entry.name;
      if (entry.isDirectory()) {
        if (opaque.has(entry.name)) opaqueFolders.push(path);
        else
          waiting.push({ folder: `${path}/`, ignores, ignored: ignored || isIgnored(`${path}/`, ignores) });
        continue;
      }
      if (!entry.isFile() && !entry.isSymbolicLink()) continue;
      const sizeBytes = fileSize(join(root, path));
      if (sizeBytes !== undefined)
        files.push({ path, sizeBytes, ignored: ignored || isIgnored(path, ignores) });
    }
    yield undefined;
  }
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { files, opaqueFolders: opaqueFolders.sort(), unreadable };
}

function withOwnIgnoreFile(
  root: string,
  folder: string,
  entries: readonly Dirent[],
  outer: readonly IgnoreFile[],
): readonly IgnoreFile[] {
  if (!entries.some((entry) => entry.name === '.gitignore' && entry.isFile())) return outer;
  try {
    const rules = ignore().add(readFileSync(join(root, folder, '.gitignore'), 'utf8'));
    return [...outer, { folder, rules }];
  } catch {
    return outer;
  }
}

/** The innermost .gitignore that says anything about the path decides. */
function isIgnored(path: string, ignores: readonly IgnoreFile[]): boolean {
  for (const { folder, rules } of ignores.toReversed()) {
    const answer = rules.test(path.slice(folder.length));
    if (answer.ignored) return true;
    if (answer.unignored) return false;
  }
  return false;
}

/** Undefined for folders behind links, sockets and what vanished meanwhile. */
function fileSize(path: string): number | undefined {
  try {
    const stat = statSync(path);
    return stat.isFile() ? stat.size : undefined;
  } catch {
    return undefined;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
