import { dockerfileNameOf } from './dockerfileNames';
import { type FileKind, fileKind } from './fileKind';
import type { FileTree } from './fileTree';
import { LazyProject } from './lazyProject';
import { mayBePointer } from './modelFiles/lfsPointer';
import type { Project } from './project';
import type { ProjectCache } from './projectCache';

/** What `readProject` still wants to see of a path. */
export interface Want {
  readonly path: string;
  readonly what: 'text' | 'header';
}

export interface ReadProjectOptions {
  /** Paths taken for Dockerfiles although their name does not say so: opened under that language id in an editor. */
  readonly dockerfiles?: ReadonlySet<string>;
  /** Build context a person chose, by Dockerfile or `*`; relative to the project's folder, `.` is that folder. */
  readonly contexts?: ReadonlyMap<string, string>;
}

/**
 * Reads the project in `tree`. Does no I/O: when `wants` is not empty the caller fetches those paths into a new
 * tree and calls again with the same cache. A path whose text cannot be had stays out of the project.
 */
export function readProject(
  tree: FileTree,
  cache: ProjectCache,
  options: ReadProjectOptions = {},
): { project: Project; wants: readonly Want[] } {
  const kinds = fileKinds(tree, options);
  const wanted = new Set([...kinds.keys()].filter((path) => tree.textOf(path) === undefined));
  const project = new LazyProject(tree, cache, kinds, options.contexts ?? new Map());
  for (const path of includedPaths(project))
    if (tree.has(path) && tree.textOf(path) === undefined) wanted.add(path);
  const pointers = tree.paths.filter(
    (path) =>
      mayBePointer(path, tree) && tree.headerOf(path) === undefined && tree.textOf(path) === undefined,
  );
  return {
    project,
    wants: [
      ...[...wanted].map((path) => ({ path, what: 'text' }) as const),
      ...pointers.map((path) => ({ path, what: 'header' }) as const),
    ],
  };
}

function fileKinds(tree: FileTree, { dockerfiles }: ReadProjectOptions): ReadonlyMap<string, FileKind> {
  const isDockerfile = (path: string): boolean =>
    dockerfiles?.has(path) || dockerfileNameOf(path) === 'dockerfile';
  const kinds = new Map<string, FileKind>();
  for (const path of tree.paths) {
    if (tree.isIgnored(path) && !dockerfiles?.has(path)) continue;
    const kind = fileKind(path, isDockerfile);
    if (kind) kinds.set(path, kind);
  }
  return kinds;
}

/** Requirements files under names that do not say so, found because another one includes them. */
function includedPaths(project: Project): readonly string[] {
  return project.requirements.flatMap(({ path }) => project.requirementsFrom(path).wants);
}
