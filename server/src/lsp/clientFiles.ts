import type { Connection } from 'vscode-languageserver';
import {
  type ListedFile,
  listFilesMethod,
  type ListFilesParams,
  readFileMethod,
  type ReadFileParams,
  type ReadFileResult,
} from '../protocol/languageServer';
import { uriBelow } from './uriPath';
import { type FolderListing, headerBytes, type WorkspaceFiles } from './workspaceFiles';

/** Files that only the editor can read: the virtual file systems of a browser. */
export class ClientFiles implements WorkspaceFiles {
  constructor(private readonly connection: Connection) {}

  async list(folder: string): Promise<FolderListing> {
    const params: ListFilesParams = { folder };
    const files = await this.connection.sendRequest<readonly ListedFile[]>(listFilesMethod, params);
    return {
      files: files.map(({ path, size }) => ({ path, ...(size === undefined ? {} : { sizeBytes: size }) })),
      opaqueFolders: [],
    };
  }

  async readText(folder: string, path: string): Promise<string | undefined> {
    const bytes = await this.read({ uri: uriBelow(folder, path) });
    // The client sends no file above the server's limit.
    return bytes && !bytes.subarray(0, 8000).includes(0) ? new TextDecoder().decode(bytes) : undefined;
  }

  readHeader(folder: string, path: string): Promise<Uint8Array | undefined> {
    return this.read({ uri: uriBelow(folder, path), bytes: headerBytes });
  }

  /** The editor opens a folder, and nothing above it. */
  outerConfiguration(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  private async read(params: ReadFileParams): Promise<Uint8Array | undefined> {
    const base64 = await this.connection.sendRequest<ReadFileResult>(readFileMethod, params);
    return base64 === null
      ? undefined
      : Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  }
}
