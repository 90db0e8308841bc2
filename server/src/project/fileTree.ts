/**
 * An immutable, synchronous snapshot of a folder: how files reach code that does no I/O.
 * Paths are relative to the folder, with `/`, without a leading `./`. Case is kept as found.
 */
export interface FileTree {
  /** Every file known to exist, sorted, whether or not its content was fetched. */
  readonly paths: readonly string[];
  /** Folders known to exist whose content was not walked: `.git`, `node_modules`, virtual environments. */
  readonly opaqueFolders: readonly string[];
  has(path: string): boolean;
  /** The path is excluded by .gitignore: it counts for a build context, but is not linted. */
  isIgnored(path: string): boolean;
  /** Bytes on disk; undefined when the file is absent or its size was not read. */
  sizeOf(path: string): number | undefined;
  /** Decoded text, without a byte order mark; undefined when absent, binary, too large or not fetched yet. */
  textOf(path: string): string | undefined;
  /** First bytes of a binary file (model headers); undefined when not fetched. */
  headerOf(path: string): Uint8Array | undefined;
}
