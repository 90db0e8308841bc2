import {
  type Configuration,
  configurationNames,
  emptyConfiguration,
} from '../project/configuration/configuration';
import { nearestConfiguration } from '../project/configuration/nearestConfiguration';
import { readConfiguration } from '../project/configuration/readConfiguration';
import type { FileTree } from '../project/fileTree';
import type { Problem } from '../protocol/problem';

/** A configuration file above a root, which no tree of that root holds. */
export interface OuterConfiguration {
  readonly uri: string;
  readonly text: string;
  /** The root's path relative to the file's folder, with `/`. */
  readonly rootPath: string;
}

/** The configuration that applies to one path. */
export interface FoundConfiguration {
  readonly configuration: Configuration;
  readonly problems: readonly Problem[];
  /** Path below the root; undefined for the one above it and for none. */
  readonly file?: string;
  readonly outer?: OuterConfiguration;
  /** The path relative to the configuration's folder: what its patterns are matched against. */
  readonly relativePath: string;
}

/** The nearest configuration in the tree, else the one above its root, else none. */
export function configurationFor(
  tree: FileTree,
  path: string,
  outer: OuterConfiguration | undefined,
): FoundConfiguration {
  const file = nearestConfiguration(tree, path);
  if (file !== undefined) {
    const folder = file.slice(0, file.lastIndexOf('/') + 1);
    return {
      ...readConfiguration(tree.textOf(file) ?? '', file),
      file,
      relativePath: path.slice(folder.length),
    };
  }
  if (!outer) return { configuration: emptyConfiguration, problems: [], relativePath: path };
  const read = readConfiguration(outer.text, configurationNames[0] ?? '');
  return { ...read, outer, relativePath: `${outer.rootPath}/${path}` };
}

/** Build contexts that people wrote into the configurations of a tree, by Dockerfile, relative to its root. */
export function chosenContexts(
  tree: FileTree,
  configurationFiles: readonly string[],
): ReadonlyMap<string, string> {
  const contexts = new Map<string, string>();
  for (const file of configurationFiles) {
    const folder = file.slice(0, file.lastIndexOf('/') + 1);
    const { context } = readConfiguration(tree.textOf(file) ?? '', file).configuration;
    for (const [dockerfile, chosen] of Object.entries(context)) {
      // One context for every Dockerfile is meant for those below the file alone; only the root's can say so here.
      if (dockerfile === '*' && folder !== '') continue;
      contexts.set(
        dockerfile === '*' ? '*' : normalized(folder + dockerfile),
        normalized(folder + chosen) || '.',
      );
    }
  }
  return contexts;
}

function normalized(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
