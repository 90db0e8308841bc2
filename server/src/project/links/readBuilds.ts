import type { FileTree } from '../fileTree';
import type { SourceText } from '../sourceText';
import { bakeBuilds, isBakePath } from './bake';
import { ciBuilds, isCiPath } from './ciFiles';
import { composeBuilds, isComposePath } from './compose';
import { isMakefilePath, makefileBuilds } from './makefile';
import { folderOf } from './projectPath';
import { isReadmePath, readmeBuilds } from './readmeCommands';
import { isShellScriptPath, shellScriptBuilds } from './shellScripts';
import { type Build, resolveBuild, type StatedBuild } from './statedBuild';

/** The kind of file that may say how an image is built. */
export type LinkKind = 'compose' | 'bake' | 'ci' | 'makefile' | 'script' | 'readme';

/** Undefined for files that say nothing about builds. */
export function linkKindOf(path: string): LinkKind | undefined {
  if (isComposePath(path)) return 'compose';
  if (isBakePath(path)) return 'bake';
  if (isCiPath(path)) return 'ci';
  if (isMakefilePath(path)) return 'makefile';
  if (isShellScriptPath(path)) return 'script';
  return isReadmePath(path) ? 'readme' : undefined;
}

/** Text beyond this is a listing or generated; nobody describes a build in it. */
const longestText = 1_000_000;

/** What one file states about builds, from its text alone: to be kept while the text stays the same. Never throws. */
export function statedBuilds({ path, text }: SourceText): readonly StatedBuild[] {
  if (text.length > longestText) return [];
  switch (linkKindOf(path)) {
    case 'compose':
      return composeBuilds(path, text);
    case 'bake':
      return bakeBuilds(path, text);
    case 'ci':
      return ciBuilds(path, text);
    case 'makefile':
      return makefileBuilds(path, text);
    case 'script':
      return shellScriptBuilds(path, text);
    case 'readme':
      return readmeBuilds(path, text);
    default:
      return [];
  }
}

/** The stated builds whose Dockerfile exists in the project. */
export function resolvedBuilds(
  stated: readonly StatedBuild[],
  tree: Pick<FileTree, 'has'>,
): readonly Build[] {
  return stated.flatMap((build) => resolveBuild(build, tree, folderOf(build.origin.file)) ?? []);
}
