import type { Dockerfile } from '../../project/dockerfile/dockerfile';
import type { Project } from '../../project/project';
import { mentionedPackages } from './mentionedPackages';
import { runsOf } from './stageFacts';

/** Something in a build context that no image needs. */
export interface LeftInContext {
  /** A file or folder, relative to the context. */
  readonly path: string;
  /** `secret`: values that must not be read; `folder`: history, environments; `output`: of training and caches. */
  readonly kind: 'secret' | 'folder' | 'output';
  /** Undefined for folders that were not walked. */
  readonly bytes: number | undefined;
}

/** Values that belong to one machine. Variants such as `.env.local` are kept in Git as examples, too. */
const secretFile = /(?:^|\/)\.env$/;
const secretVariant = /(?:^|\/)\.env\.(?!example|sample|template|dist|defaults?)[\w-]+$/;
const idleFolder = /(?:^|\/)(?:\.git|\.hg|\.svn|\.venv|venv|\.tox|\.nox)$/;
const outputFolder =
  /(?:^|\/)(?:wandb|mlruns|lightning_logs|\.ipynb_checkpoints|\.mypy_cache|\.ruff_cache|\.pytest_cache|\.cache|checkpoint-\d+)(?=\/)/;
const outputFile = /(?:^|\/)(?:optimizer|scheduler|rng_state(?:_\d+)?)\.(?:pt|pth|bin)$/;

/** In path order, secrets first. What an ignore file leaves out is not among them. */
export function leftInContext(
  dockerfile: Dockerfile,
  folder: string,
  project: Project,
): readonly LeftInContext[] {
  const prefix = folder === '' ? '' : `${folder}/`;
  const ignore = project.ignoreFor(dockerfile.source.path, folder)?.ignore;
  const { tree } = project;
  const found = new Map<string, LeftInContext>();
  const add = (path: string, kind: LeftInContext['kind'], bytes: number | undefined): void => {
    const before = found.get(path);
    const sum = before ? sumOf(before.bytes, bytes) : bytes;
    found.set(path, { path, kind, bytes: sum });
  };
  const needsHistory = readsHistory(dockerfile, project);
  const isIdle = (path: string): boolean => idleFolder.test(path) && !(needsHistory && path.endsWith('.git'));
  for (const opaque of tree.opaqueFolders) {
    const inside = opaque.startsWith(prefix) ? opaque.slice(prefix.length) : undefined;
    if (inside === undefined || !isIdle(inside)) continue;
    // `.git/**` matches what lies in the folder and not the folder.
    const isLeftOut = ignore?.ignores(inside) || ignore?.ignores(`${inside}/config`);
    if (!isLeftOut) add(inside, 'folder', undefined);
  }
  for (const path of tree.paths) {
    const inside = path.startsWith(prefix) ? path.slice(prefix.length) : undefined;
    if (inside === undefined || ignore?.ignores(inside)) continue;
    const idle = [...ancestorsOf(inside)].find(isIdle);
    const output = outputFolder.exec(inside);
    if (idle !== undefined) add(idle, 'folder', tree.sizeOf(path));
    else if (isSecret(inside, tree.isIgnored(path)) && tree.sizeOf(path) !== 0)
      add(inside, 'secret', tree.sizeOf(path));
    else if (output) add(inside.slice(0, output.index + output[0].length), 'output', tree.sizeOf(path));
    else if (outputFile.test(inside)) add(inside, 'output', tree.sizeOf(path));
  }
  return [...found.values()].sort(
    (a, b) => Number(b.kind === 'secret') - Number(a.kind === 'secret') || (a.path < b.path ? -1 : 1),
  );
}

/** What Git is told to keep out is private. */
function isSecret(path: string, isIgnored: boolean): boolean {
  return secretFile.test(path) || (isIgnored && secretVariant.test(path));
}

function sumOf(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? undefined : one + other;
}

function* ancestorsOf(path: string): Generator<string> {
  for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1))
    yield path.slice(0, slash);
}

const versionFromGit = new Set([
  'setuptools-scm',
  'hatch-vcs',
  'versioneer',
  'setuptools-git-versioning',
  'poetry-dynamic-versioning',
  'uv-dynamic-versioning',
  'versioningit',
  'pbr',
  'gitpython',
]);

/** The build asks Git for a version, a commit or submodules. */
function readsHistory(dockerfile: Dockerfile, project: Project): boolean {
  const runs = runsOf(dockerfile.instructions);
  if (runs.some(({ script }) => script.commands.some(({ program }) => program === 'git'))) return true;
  if (dockerfile.finalStage)
    for (const name of mentionedPackages(dockerfile.finalStage, project))
      if (versionFromGit.has(name)) return true;
  return project.tree.paths.some(
    (path) =>
      /(^|\/)(pyproject\.toml|setup\.(py|cfg))$/.test(path) &&
      /scm|vcs|versioneer|dynamic-versioning|versioningit|\bgit\b/.test(project.tree.textOf(path) ?? ''),
  );
}
