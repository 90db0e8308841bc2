import type { FileTree } from '../project/fileTree';
import type { FolderListing } from './workspaceFiles';

/** What was fetched of a folder's files; undefined inside a map means fetched and absent. */
export interface Fetched {
  readonly texts: ReadonlyMap<string, string | undefined>;
  readonly headers: ReadonlyMap<string, Uint8Array | undefined>;
}

/** One snapshot of a folder: its listing, what was fetched of it, and the open editors over both. */
export class FolderTree implements FileTree {
  readonly paths: readonly string[];

  constructor(
    private readonly listing: Listing,
    private readonly fetched: Fetched,
    private readonly open: ReadonlyMap<string, string>,
  ) {
    const unlisted = [...open.keys()].filter((path) => !listing.sizes.has(path));
    this.paths = unlisted.length === 0 ? listing.paths : [...listing.paths, ...unlisted].sort();
  }

  get opaqueFolders(): readonly string[] {
    return this.listing.opaqueFolders;
  }

  has(path: string): boolean {
    return this.listing.sizes.has(path) || this.open.has(path);
  }

  /** A file that somebody opened is linted, ignored by Git or not. */
  isIgnored(path: string): boolean {
    return this.listing.ignored.has(path) && !this.open.has(path);
  }

  sizeOf(path: string): number | undefined {
    return this.listing.sizes.get(path);
  }

  textOf(path: string): string | undefined {
    return this.open.get(path) ?? this.fetched.texts.get(path);
  }

  headerOf(path: string): Uint8Array | undefined {
    return this.fetched.headers.get(path);
  }
}

/** A folder's files in the shape a tree asks for, made once per reading of the folder. */
export class Listing {
  readonly paths: readonly string[];
  readonly sizes: ReadonlyMap<string, number | undefined>;
  readonly ignored: ReadonlySet<string>;
  readonly opaqueFolders: readonly string[];

  constructor({ files, opaqueFolders }: FolderListing) {
    this.sizes = new Map(files.map((file) => [file.path, file.sizeBytes]));
    this.paths = [...this.sizes.keys()].sort();
    this.ignored = new Set(files.filter((file) => file.ignored === true).map((file) => file.path));
    this.opaqueFolders = opaqueFolders;
  }
}
