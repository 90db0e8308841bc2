import type { FileTree } from '../fileTree';

/** Which paths of a project exist, files and folders alike. */
export interface FolderIndex {
  /** `''` is the root. */
  hasPath(path: string): boolean;
}

const indexes = new WeakMap<Pick<FileTree, 'paths' | 'has'>, FolderIndex>();

/** Built once for a tree, on first use. */
export function folderIndex(tree: Pick<FileTree, 'paths' | 'has'>): FolderIndex {
  let index = indexes.get(tree);
  if (!index) {
    const folders = foldersOf(tree.paths);
    index = { hasPath: (path) => folders.has(path) || tree.has(path) };
    indexes.set(tree, index);
  }
  return index;
}

function foldersOf(paths: readonly string[]): ReadonlySet<string> {
  const folders = new Set(['']);
  for (const path of paths) {
    // Parents of a folder that is known are known already, so each folder is cut off once.
    for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      const folder = path.slice(0, slash);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return folders;
}
