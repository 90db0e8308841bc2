import type { FileTree } from './fileTree';

/** The project seen whole. One value per snapshot; files whose text did not change keep their parsed form. */
export interface Project {
  readonly tree: FileTree;
}
