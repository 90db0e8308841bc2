import { l10n, type QuickPickItem, Range, Uri, window, workspace, WorkspaceEdit } from 'vscode';
import {
  type ContextEdit,
  type ContextEditParams,
  contextEditMethod,
} from '../../../server/src/protocol/languageServer';
import { warn } from '../notify';
import type { Services } from '../services';

/** Writes the build context of the active Dockerfile into `.plimsoll.yaml`. */
export async function changeBuildContext({ languageServer }: Services): Promise<void> {
  const document = window.activeTextEditor?.document;
  const root = document && workspace.getWorkspaceFolder(document.uri);
  if (!document || !root) return;
  const chosen = await window.showQuickPick(foldersAbove(document.uri, root.uri), {
    title: l10n.t('Build context of {file}', { file: workspace.asRelativePath(document.uri) }),
    placeHolder: l10n.t('The folder that docker build is given: COPY reads from it'),
  });
  if (!chosen) return;
  const server = await languageServer();
  const params: ContextEditParams = { uri: document.uri.toString(), context: chosen.uri.toString() };
  const change = await server.request<ContextEdit | null>(contextEditMethod, params);
  if (!change)
    return warn(l10n.t('The build context was not written: .plimsoll.yaml is not a mapping of settings.'));
  await write(change);
}

interface FolderItem extends QuickPickItem {
  readonly uri: Uri;
}

/** From the Dockerfile's own folder up to the workspace folder. */
function foldersAbove(file: Uri, root: Uri): FolderItem[] {
  const folders: FolderItem[] = [];
  for (let folder = Uri.joinPath(file, '..'); ; folder = Uri.joinPath(folder, '..')) {
    const isRoot = folder.path.length <= root.path.length;
    const label = isRoot ? '.' : folder.path.slice(root.path.length + 1);
    const own = folders.length === 0 ? { description: l10n.t('folder of the Dockerfile') } : {};
    folders.push({
      uri: folder,
      label,
      ...own,
      ...(isRoot ? { description: l10n.t('workspace folder') } : {}),
    });
    if (isRoot) return folders;
  }
}

async function write({ uri, exists, text }: ContextEdit): Promise<void> {
  const file = Uri.parse(uri, true);
  const edit = new WorkspaceEdit();
  if (exists) edit.replace(file, new Range(0, 0, Number.MAX_SAFE_INTEGER, 0), text);
  else edit.createFile(file, { contents: new TextEncoder().encode(text) });
  await workspace.applyEdit(edit);
  await (await workspace.openTextDocument(file)).save();
}
