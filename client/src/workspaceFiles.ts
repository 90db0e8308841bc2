import { FileType, Uri, workspace } from 'vscode';
import type {
  ListedFile,
  ListFilesParams,
  ReadFileParams,
  ReadFileResult,
} from '../../server/src/protocol/languageServer';

/** More files than a project that one reads in a browser has; a virtual file system answers slowly. */
const mostFiles = 20_000;
const largestFileBytes = 10_000_000;

/** Folders nobody writes by hand. */
const opaque = new Set(['.git', 'node_modules', '.venv', 'venv', '__pycache__']);

/**
 * The files of a folder that only the editor can read. Walked, not searched: a file system without a search
 * provider lets a search wait for ever.
 */
export async function listFiles({ folder }: ListFilesParams): Promise<readonly ListedFile[]> {
  const files: ListedFile[] = [];
  let waiting = [''];
  while (waiting.length > 0 && files.length < mostFiles) {
    const level = await Promise.all(waiting.map((path) => entries(Uri.parse(folder, true), path)));
    waiting = [];
    for (const { path, type } of level.flat()) {
      if (type === FileType.File) files.push({ path });
      else if (type === FileType.Directory && !opaque.has(path.slice(path.lastIndexOf('/') + 1)))
        waiting.push(`${path}/`);
    }
  }
  return files;
}

/** What lies directly below `path` (empty or with a trailing slash); nothing where that cannot be read. */
async function entries(root: Uri, path: string): Promise<{ path: string; type: FileType }[]> {
  try {
    const found = await workspace.fs.readDirectory(Uri.joinPath(root, path));
    return found.map(([name, type]) => ({ path: path + name, type }));
  } catch {
    return [];
  }
}

export async function readFile({ uri, bytes }: ReadFileParams): Promise<ReadFileResult> {
  try {
    const file = Uri.parse(uri, true);
    if ((await workspace.fs.stat(file)).size > largestFileBytes) return null;
    const content = await workspace.fs.readFile(file);
    return base64(bytes === undefined ? content : content.subarray(0, bytes));
  } catch {
    return null;
  }
}

/** In pieces, because a call takes a limited number of arguments. */
function base64(content: Uint8Array): string {
  const pieces: string[] = [];
  for (let at = 0; at < content.length; at += 8192)
    pieces.push(String.fromCharCode(...content.subarray(at, at + 8192)));
  return btoa(pieces.join(''));
}
