import type { OuterConfiguration } from './configurations';

/** Bytes read of a model file: its header lies at the start. */
export const headerBytes = 1 << 20;

/** How the server sees files: the disk in Node, the editor's file system elsewhere. No answer means absent. */
export interface WorkspaceFiles {
  /** Every file below `folder` (a URI). */
  list(folder: string): Promise<FolderListing>;
  /** Decoded text; undefined when absent, unreadable, binary or too large. */
  readText(folder: string, path: string): Promise<string | undefined>;
  /** The first bytes of a file; undefined when absent or unreadable. */
  readHeader(folder: string, path: string): Promise<Uint8Array | undefined>;
  /** The nearest configuration in the folders above `folder`, where those can be read. */
  outerConfiguration(folder: string): Promise<OuterConfiguration | undefined>;
}

export interface FolderListing {
  readonly files: readonly FileEntry[];
  /** Folders whose content was not walked. */
  readonly opaqueFolders: readonly string[];
}

export interface FileEntry {
  /** Relative to the folder, with `/`. */
  readonly path: string;
  readonly sizeBytes?: number;
  readonly ignored?: boolean;
}
