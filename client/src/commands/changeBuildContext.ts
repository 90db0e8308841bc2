import { l10n, type QuickPickItem, Range, Uri, window, workspace, WorkspaceEdit } from 'vscode';
import {
  type ContextEdit,
  type ContextEditParams,
  contextEditMethod,
  type StatedContext,
  type StatedContextsParams,
  statedContextsMethod,
} from '../../../server/src/protocol/languageServer';
import { showProblem } from '../notify';
import type { Services } from '../services';

/** Writes the build context of the active Dockerfile into `.plimsoll.yaml`. */
export async function changeBuildContext({ languageServer }: Services): Promise<void> {
  const document = window.activeTextEditor?.document;
  const root = document && workspace.getWorkspaceFolder(document.uri);
  if (!document || !root) return;
  const server = await languageServer();
  const uri = document.uri.toString();
  const asked: StatedContextsParams = { uri };
  const stated = await server.request<StatedContext[]>(statedContextsMethod, asked);
  const chosen = await window.showQuickPick(folders(document.uri, root.uri, stated), {
    title: l10n.t('Build context of {file}', { file: workspace.asRelativePath(document.uri) }),
    placeHolder: l10n.t('The folder that docker build is given: COPY reads from it'),
  });
  if (!chosen) return;
  const params: ContextEditParams = { uri, context: chosen.uri.toString() };
  const change = await server.request<ContextEdit | null>(contextEditMethod, params);
  if (!change) {
    return showProblem({
      code: 'configuration-broken',
      what: { template: 'The build context was not written' },
      why: { template: '.plimsoll.yaml is no mapping of settings, or cannot be read.' },
      next: [{ template: 'Mend the file, then choose again.' }],
    });
  }
  await write(change);
}

interface FolderItem extends QuickPickItem {
  readonly uri: Uri;
}

/** What files of the project say, then the folders from the Dockerfile's own up to the workspace folder. */
function folders(file: Uri, root: Uri, stated: readonly StatedContext[]): FolderItem[] {
  const items = new Map<string, FolderItem>();
  const add = (uri: Uri, description: string): void => {
    const label = uri.path.slice(root.path.length + 1) || '.';
    if (!items.has(label)) items.set(label, { uri, label, description });
  };
  for (const { uri, file: source } of stated)
    add(Uri.parse(uri, true), l10n.t('from {file}', { file: source }));
  for (
    let folder = Uri.joinPath(file, '..'), own = true;
    ;
    folder = Uri.joinPath(folder, '..'), own = false
  ) {
    const isRoot = folder.path.length <= root.path.length;
    add(folder, isRoot ? l10n.t('workspace folder') : own ? l10n.t('folder of the Dockerfile') : '');
    if (isRoot) return [...items.values()];
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
