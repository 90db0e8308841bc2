import { type Answer, absent, known, unknown } from '../answer';
import type { FileTree } from '../fileTree';
import type { Span } from '../span';
import type { BuildCommand } from './dockerCommand';
import { joinPath } from './projectPath';

/** Where somebody wrote how an image is built. */
export type BuildSource = 'compose' | 'bake' | 'ci' | 'makefile' | 'script' | 'readme' | 'dockerfile-comment';

export interface BuildOrigin {
  readonly kind: BuildSource;
  readonly file: string;
  readonly span: Span;
}

/** A build as one file states it, before anybody looked whether its paths exist. */
export interface StatedBuild {
  readonly origin: BuildOrigin;
  /** Folders its paths may be relative to, likeliest first. */
  readonly folders: readonly string[];
  /** As written; absent for a build without a local context. */
  readonly context: Answer<string>;
  /** As written; absent when the engine's default name is meant. */
  readonly file: Answer<string>;
  readonly fileIsBelow: 'folder' | 'context';
  readonly target: Answer<string>;
  readonly buildArgs: ReadonlyMap<string, Answer<string>>;
  readonly tags: readonly Answer<string>[];
  readonly platforms: Answer<readonly string[]>;
  readonly secrets: readonly string[];
  readonly namedContexts: readonly string[];
}

/** A stated build whose Dockerfile is in the project. */
export interface Build {
  readonly origin: BuildOrigin;
  readonly dockerfile: string;
  /** Folder in the project, `''` for its root; unknown when it is written with a variable or lies outside. */
  readonly context: Answer<string>;
  /** `certain` when the file's own rules fix the folder; `likely` when it was chosen because the paths exist there. */
  readonly confidence: 'certain' | 'likely';
  readonly target: Answer<string>;
  readonly buildArgs: ReadonlyMap<string, Answer<string>>;
  readonly tags: readonly Answer<string>[];
  readonly platforms: Answer<readonly string[]>;
  readonly secrets: readonly string[];
  readonly namedContexts: readonly string[];
}

/** Placeholder roots that readers put into paths: the project's root, and the folder of the script itself. */
export const rootMark = ':root:';
export const scriptMark = ':script:';

export function statedByCommand(
  command: BuildCommand,
  origin: BuildOrigin,
  folders: readonly string[],
): StatedBuild {
  const { context, file, target, buildArgs, tags, platforms, secrets, namedContexts } = command;
  return {
    origin,
    folders,
    context,
    file,
    fileIsBelow: 'folder',
    target,
    buildArgs,
    tags,
    platforms,
    secrets,
    namedContexts,
  };
}

/** The build with its paths resolved; undefined when the Dockerfile it names is not in the project. */
export function resolveBuild(
  stated: StatedBuild,
  tree: Pick<FileTree, 'has'>,
  scriptFolder: string,
): Build | undefined {
  for (const [index, folder] of stated.folders.entries()) {
    const found = resolveIn(stated, folder, tree, scriptFolder);
    if (!found) continue;
    const { origin, target, buildArgs, tags, platforms, secrets, namedContexts } = stated;
    const fixed =
      origin.kind !== 'script' && origin.kind !== 'readme' && origin.kind !== 'dockerfile-comment';
    const confidence = index === 0 && fixed ? 'certain' : 'likely';
    return { origin, ...found, confidence, target, buildArgs, tags, platforms, secrets, namedContexts };
  }
  return undefined;
}

function resolveIn(
  { context, file, fileIsBelow }: StatedBuild,
  folder: string,
  tree: Pick<FileTree, 'has'>,
  scriptFolder: string,
): { dockerfile: string; context: Answer<string> } | undefined {
  const contextPath = context.state === 'known' ? placeOf(folder, context.value, scriptFolder) : undefined;
  const below = fileIsBelow === 'context' ? contextPath : folder;
  let dockerfile: string | undefined;
  if (file.state === 'known')
    dockerfile = below === undefined ? undefined : placeOf(below, file.value, scriptFolder);
  else if (file.state === 'absent' && contextPath !== undefined) dockerfile = defaultName(contextPath, tree);
  if (dockerfile === undefined || !tree.has(dockerfile)) return undefined;
  if (context.state === 'absent') return { dockerfile, context: absent };
  return { dockerfile, context: contextPath === undefined ? unknown : known(contextPath) };
}

/** Engines look for `Dockerfile`, then `dockerfile`; podman and buildah for `Containerfile` first. */
function defaultName(context: string, tree: Pick<FileTree, 'has'>): string | undefined {
  const paths = ['Dockerfile', 'dockerfile', 'Containerfile'].map((name) => joinPath(context, name) ?? name);
  return paths.find((path) => tree.has(path));
}

function placeOf(folder: string, written: string, scriptFolder: string): string | undefined {
  if (written.startsWith(rootMark)) return joinPath('', relativeRest(written, rootMark));
  if (written.startsWith(scriptMark)) return joinPath(scriptFolder, relativeRest(written, scriptMark));
  return joinPath(folder, written);
}

function relativeRest(written: string, mark: string): string {
  return written.slice(mark.length).replace(/^\/+/, '');
}
