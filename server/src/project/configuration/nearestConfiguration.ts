import type { FileTree } from '../fileTree';
import { configurationNames } from './configuration';

export function isConfiguration(path: string): boolean {
  return configurationNames.includes(path.slice(path.lastIndexOf('/') + 1));
}

/** The configuration file that applies to `path`: the one in its folder, else in the nearest folder above. */
export function nearestConfiguration(tree: FileTree, path: string): string | undefined {
  for (let folder = path; folder !== ''; ) {
    const slash = folder.lastIndexOf('/');
    folder = slash === -1 ? '' : folder.slice(0, slash);
    const start = slash === -1 ? '' : `${folder}/`;
    const found = configurationNames.find((name) => tree.has(`${start}${name}`));
    if (found !== undefined) return `${start}${found}`;
  }
  return undefined;
}
