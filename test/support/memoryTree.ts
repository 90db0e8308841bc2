import type { FileTree } from '../../server/src/project/fileTree';
import { type Project } from '../../server/src/project/project';
import { ProjectCache } from '../../server/src/project/projectCache';
import { readProject } from '../../server/src/project/readProject';

/** A file of a test project: its text, or its size where the content does not matter. */
export type MemoryFile = string | { readonly bytes: number } | Uint8Array;

/** A folder that exists only in the test. */
function memoryTree(
  files: Readonly<Record<string, MemoryFile>>,
  opaqueFolders: readonly string[] = [],
): FileTree {
  const at = (path: string): MemoryFile | undefined => (Object.hasOwn(files, path) ? files[path] : undefined);
  return {
    paths: Object.keys(files).sort(),
    opaqueFolders,
    has: (path) => Object.hasOwn(files, path),
    isIgnored: () => false,
    sizeOf: (path) => {
      const file = at(path);
      if (file === undefined) return undefined;
      if (typeof file === 'string') return Buffer.byteLength(file);
      return file instanceof Uint8Array ? file.length : file.bytes;
    },
    textOf: (path) => {
      const file = at(path);
      return typeof file === 'string' ? file : undefined;
    },
    headerOf: (path) => {
      const file = at(path);
      return file instanceof Uint8Array ? file : undefined;
    },
  };
}

/** The project those files make. */
export function memoryProject(
  files: Readonly<Record<string, MemoryFile>>,
  cache = new ProjectCache(),
): Project {
  return readProject(memoryTree(files), cache).project;
}
