import type { FileTree } from '../project/fileTree';
import type { WalkedFile, WalkedFolder } from './walkFolder';

/** A snapshot of a walked folder with the contents fetched so far. `texts` wins over what was walked. */
export class DiskTree implements FileTree {
  readonly paths: readonly string[];
  readonly opaqueFolders: readonly string[];
  private readonly byPath: ReadonlyMap<string, WalkedFile>;

  constructor(
    walked: WalkedFolder,
    private readonly texts: ReadonlyMap<string, string>,
    private readonly headers: ReadonlyMap<string, Uint8Array>,
  ) {
    this.byPath = new Map(walked.files.map((file) => [file.path, file]));
    const added = [...texts.keys()].filter((path) => !this.byPath.has(path));
    const walkedPaths = walked.files.map((file) => file.path);
    this.paths = added.length === 0 ? walkedPaths : [...walkedPaths, ...added].sort();
    this.opaqueFolders = walked.opaqueFolders;
  }

  has(path: string): boolean {
    return this.byPath.has(path) || this.texts.has(path);
  }

  isIgnored(path: string): boolean {
    return this.byPath.get(path)?.ignored ?? false;
  }

  sizeOf(path: string): number | undefined {
    return this.byPath.get(path)?.sizeBytes;
  }

  textOf(path: string): string | undefined {
    return this.texts.get(path);
  }

  headerOf(path: string): Uint8Array | undefined {
    return this.headers.get(path);
  }
}
