import { open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decodeText, headerBytes } from './decodeText';
import type { FolderListing, WorkspaceFiles } from './workspaceFiles';

export const diskFiles: WorkspaceFiles = {
  async list(folder: string): Promise<FolderListing> {
    const root = fileURLToPath(folder);
    const entries = await readdir(root, { recursive: true, withFileTypes: true });
    const files = await Promise.all(
      entries
        .filter((entry) => entry.isFile())
        .map(async (entry) => {
          const path = join(entry.parentPath, entry.name);
          return {
            path: path.slice(root.length + 1).replaceAll('\\', '/'),
            sizeBytes: (await stat(path)).size,
          };
        }),
    );
    return { files, opaqueFolders: [] };
  },
  async readText(folder, path) {
    try {
      return decodeText(await readFile(join(fileURLToPath(folder), path)));
    } catch {
      return undefined;
    }
  },
  async readHeader(folder, path) {
    try {
      const file = await open(join(fileURLToPath(folder), path));
      try {
        const { buffer, bytesRead } = await file.read(Buffer.alloc(headerBytes), 0, headerBytes, 0);
        return buffer.subarray(0, bytesRead);
      } finally {
        await file.close();
      }
    } catch {
      return undefined;
    }
  },
};
