import type { CopyInstruction } from '../../project/dockerfile/dockerfile';
import { buildContextFiles } from '../../project/ignore/buildContextFiles';
import { pointedBytes } from '../../project/modelFiles/lfsPointer';
import type { Project } from '../../project/project';
import { absolutePath } from './commandFolders';
import { namePattern } from './removals';

/** One file of the build context and where a COPY puts it. */
export interface CopiedFile {
  /** In the project. */
  readonly source: string;
  /** Absolute path in the image. */
  readonly target: string;
  /** Undefined when nobody read the file's size; a Git LFS pointer counts as what it stands for. */
  readonly bytes: number | undefined;
}

/**
 * The files a COPY without `--from` brings, .dockerignore applied. Undefined where that cannot be told: an unknown
 * context, variable or folder, `--exclude`, a URL, an archive that ADD unpacks, a folder that was not walked.
 */
export function copiedFiles(
  copy: CopyInstruction,
  dockerfile: string,
  project: Project,
): readonly CopiedFile[] | undefined {
  const context = project.contextOf(dockerfile).context;
  const target = copy.destination?.value;
  if (
    copy.from ||
    copy.onbuild ||
    copy.heredocs.length > 0 ||
    context.state !== 'known' ||
    target?.state !== 'known'
  )
    return undefined;
  if (copy.flags.some(({ name }) => name === 'exclude' || name === 'parents' || name === 'unpack'))
    return undefined;
  const destination = absolutePath(copy.before.workdir, target.value);
  const sources = copy.sources.map(({ value }) => (value.state === 'known' ? value.value : undefined));
  if (destination.state !== 'known' || !sources.every((source) => source !== undefined)) return undefined;
  if (copy.isAdd && sources.some((source) => /^[a-z]+:|\.(tar|tgz|tbz2?|txz|gz|bz2|xz|zst)$/i.test(source)))
    return undefined;
  const intoFolder = /(^|\/)\.{0,2}$/.test(target.value) || sources.length > 1;
  const { folder } = context.value;
  const files = contextFiles(dockerfile, folder, project);
  const found: CopiedFile[] = [];
  for (const source of sources) {
    const path = plainPath(source);
    if (holdsUnwalked(project, dockerfile, folder, path)) return undefined;
    const pattern = new RegExp(`^(${path.split('/').map(namePattern).join('/')})(?:/(.+))?$`);
    for (const file of files) {
      const match = path === '' ? ['', '', file] : pattern.exec(file);
      if (!match) continue;
      const [, top = '', rest] = match;
      const name = rest ?? top.slice(top.lastIndexOf('/') + 1);
      const inProject = folder === '' ? file : `${folder}/${file}`;
      found.push({
        source: inProject,
        target: rest === undefined && !intoFolder ? destination.value : joined(destination.value, name),
        bytes: pointedBytes(inProject, project.tree) ?? project.tree.sizeOf(inProject),
      });
    }
  }
  return found;
}

/** Their sum; undefined when a size is unknown. */
export function bytesOf(files: readonly CopiedFile[]): number | undefined {
  let sum = 0;
  for (const { bytes } of files) {
    if (bytes === undefined) return undefined;
    sum += bytes;
  }
  return sum;
}

const contexts = new WeakMap<Project, Map<string, readonly string[]>>();

/** Files sent to the engine, relative to the context; kept per snapshot, for a context can be large. */
function contextFiles(dockerfile: string, folder: string, project: Project): readonly string[] {
  const known = contexts.get(project) ?? new Map<string, readonly string[]>();
  contexts.set(project, known);
  const key = `${dockerfile}\0${folder}`;
  const hit = known.get(key);
  if (hit) return hit;
  const ignore = project.ignoreFor(dockerfile, folder)?.ignore;
  const files = [...buildContextFiles(project.tree.paths, folder, ignore)];
  known.set(key, files);
  return files;
}

/** A folder nobody walked, such as `.git`, lies in what is copied and is not ignored. */
function holdsUnwalked(project: Project, dockerfile: string, folder: string, path: string): boolean {
  const root = folder === '' ? '' : `${folder}/`;
  const prefix = path === '' ? root : `${root}${path}/`;
  const ignore = project.ignoreFor(dockerfile, folder)?.ignore;
  return project.tree.opaqueFolders.some(
    (opaque) => `${opaque}/`.startsWith(prefix) && ignore?.ignores(opaque.slice(root.length)) !== true,
  );
}

/** A COPY source without `./` and slashes around it: sources start at the context's root. */
function plainPath(source: string): string {
  return source
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
}

function joined(folder: string, name: string): string {
  return folder === '/' ? `/${name}` : `${folder}/${name}`;
}
