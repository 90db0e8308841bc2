import { open, readFile, stat } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { decodeText, largestTextBytes } from '../disk/decodeText';
import { walkFolder } from '../disk/walkFolder';
import { configurationNames } from '../project/configuration/configuration';
import type { OuterConfiguration } from './configurations';
import { messagesIn } from './slices';
import { type FolderListing, headerBytes, type WorkspaceFiles } from './workspaceFiles';

const sliceMs = 20;

/** Files of the machine that the server runs on. */
export const diskFiles: WorkspaceFiles = {
  async list(folder: string): Promise<FolderListing> {
    const walk = walkFolder(fileURLToPath(folder));
    for (let started = performance.now(); ; ) {
      const step = walk.next();
      if (step.done) return step.value;
      if (performance.now() - started < sliceMs) continue;
      await messagesIn();
      started = performance.now();
    }
  },

  async readText(folder: string, path: string): Promise<string | undefined> {
    try {
      const file = join(fileURLToPath(folder), path);
      return (await stat(file)).size > largestTextBytes ? undefined : decodeText(await readFile(file));
    } catch {
      return undefined;
    }
  },

  async readHeader(folder: string, path: string): Promise<Uint8Array | undefined> {
    try {
      const file = await open(join(fileURLToPath(folder), path));
      try {
        const { buffer, bytesRead } = await file.read(new Uint8Array(headerBytes), 0, headerBytes, 0);
        return buffer.subarray(0, bytesRead);
      } finally {
        await file.close();
      }
    } catch {
      return undefined;
    }
  },

  outerConfiguration(folder: string): Promise<OuterConfiguration | undefined> {
    return Promise.resolve(configurationAbove(fileURLToPath(folder)));
  },
};

function configurationAbove(root: string): OuterConfiguration | undefined {
  for (let folder = dirname(root); ; folder = dirname(folder)) {
    for (const name of configurationNames) {
      const file = join(folder, name);
      const text = textOrUndefined(file);
      const rootPath = relative(folder, root).replaceAll('\\', '/');
      if (text !== undefined) return { uri: pathToFileURL(file).href, text, rootPath };
    }
    if (dirname(folder) === folder) return undefined;
  }
}

function textOrUndefined(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
