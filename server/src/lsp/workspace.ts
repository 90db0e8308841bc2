import type { TextDocument } from 'vscode-languageserver-textdocument';
import { Folder } from './folder';
import { comparableUri, parentFolder, pathBelow } from './uriPath';
import type { WorkspaceFiles } from './workspaceFiles';

/** Where a document lies. */
export interface Place {
  readonly folder: Folder;
  /** Relative to the folder, with `/`. */
  readonly path: string;
}

const noFiles: WorkspaceFiles = {
  list: () => Promise.resolve({ files: [], opaqueFolders: [] }),
  readText: () => Promise.resolve(undefined),
  readHeader: () => Promise.resolve(undefined),
  outerConfiguration: () => Promise.resolve(undefined),
};

/** Every root and every open document. */
export class Workspace {
  private readonly roots = new Map<string, Folder>();
  /** Folders of documents outside every root; they live as long as one of their documents is open. */
  private readonly strays = new Map<string, Folder>();
  private readonly places = new Map<string, Place>();

  constructor(private readonly files: WorkspaceFiles) {}

  get folders(): readonly Folder[] {
    return [...this.roots.values(), ...this.strays.values()];
  }

  addRoot(uri: string): void {
    const key = comparableUri(uri);
    if (!this.roots.has(key)) this.roots.set(key, new Folder(uri, this.files));
    this.placeAgain();
  }

  removeRoot(uri: string): void {
    this.roots.delete(comparableUri(uri));
    this.placeAgain();
  }

  open(document: TextDocument): void {
    const place = this.placeFor(document);
    this.places.set(document.uri, place);
    place.folder.documents.set(place.path, document);
    place.folder.documentChanged();
  }

  close(document: TextDocument): void {
    const place = this.places.get(document.uri);
    if (!place) return;
    this.places.delete(document.uri);
    place.folder.documents.delete(place.path);
    // What was typed and not saved is gone with the editor: the file is read again.
    place.folder.fileChanged(place.path, false);
    if (place.folder.documents.size === 0) this.strays.delete(comparableUri(place.folder.uri));
  }

  placeOf(uri: string): Place | undefined {
    return this.places.get(uri);
  }

  /** Every root that a file on disk lies below. */
  *placesOfFile(uri: string): Generator<Place> {
    for (const folder of this.folders) {
      const path = pathBelow(folder.uri, uri);
      if (path !== undefined) yield { folder, path };
    }
  }

  private placeAgain(): void {
    const documents = [...this.places.values()].map(({ folder, path }) => folder.documents.get(path));
    for (const document of documents) {
      if (!document) continue;
      this.close(document);
      this.open(document);
    }
  }

  private placeFor(document: TextDocument): Place {
    let best: Place | undefined;
    for (const folder of this.roots.values()) {
      const path = pathBelow(folder.uri, document.uri);
      if (path !== undefined && (!best || folder.uri.length > best.folder.uri.length))
        best = { folder, path };
    }
    if (best) return best;
    const parent = parentFolder(document.uri);
    if (!parent) return { folder: new Folder(document.uri, noFiles), path: nameOfUntitled(document) };
    const key = comparableUri(parent.folder);
    const stray = this.strays.get(key) ?? new Folder(parent.folder, this.files);
    this.strays.set(key, stray);
    return { folder: stray, path: parent.name };
  }
}

/** A document without a file is known by its language alone. */
function nameOfUntitled(document: TextDocument): string {
  return document.languageId === 'dockerfile'
    ? 'Dockerfile'
    : document.uri.slice(document.uri.indexOf(':') + 1);
}
