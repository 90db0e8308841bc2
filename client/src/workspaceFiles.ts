import { FileType, RelativePattern, Uri, workspace } from 'vscode';
import type {
  ListedFile,
  ListFilesParams,
  ReadFileParams,
  ReadFileResult,
} from '../../server/src/protocol/languageServer';

/** More files than a project that one reads in a browser has; a virtual file system answers slowly. */
const mostFiles = 20_000;
const largestFileBytes = 10_000_000;

/** The files of a folder that only the editor can read. The editor's own exclusions hold. */
export async function listFiles({ folder }: ListFilesParams): Promise<readonly ListedFile[]> {
  const root = Uri.parse(folder, true);
  const found = await workspace.findFiles(new RelativePattern(root, '**/*'), undefined, mostFiles);
  const files = found.length > 0 ? found : await walk(root);
  const start = root.path.endsWith('/') ? root.path.length : root.path.length + 1;
  return files.map((uri) => ({ path: uri.path.slice(start) }));
}

/** For file systems without a search of their own. */
async function walk(folder: Uri, found: Uri[] = []): Promise<Uri[]> {
  for (const [name, type] of await workspace.fs.readDirectory(folder)) {
    if (found.length >= mostFiles || name === '.git' || name === 'node_modules') continue;
    const uri = Uri.joinPath(folder, name);
    if (type === FileType.Directory) await walk(uri, found);
    else if (type === FileType.File) found.push(uri);
  }
  return found;
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
