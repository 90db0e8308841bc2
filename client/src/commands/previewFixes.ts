import { commands, l10n, window } from 'vscode';
import {
  type FixedText,
  type FixedTextParams,
  fixedTextMethod,
} from '../../../server/src/protocol/languageServer';
import { say } from '../notify';
import type { Services } from '../services';

/** Shows the active file beside itself with its fixes applied. Nothing is changed. */
export async function previewFixes({ languageServer, fixPreviews }: Services): Promise<void> {
  const document = window.activeTextEditor?.document;
  if (!document) return;
  const server = await languageServer();
  const params: FixedTextParams = { uri: document.uri.toString() };
  const { text, fixes } = await server.request<FixedText>(fixedTextMethod, params);
  if (text === null) return say(l10n.t('There is nothing in this file that Plimsoll can fix by itself.'));
  const name = document.uri.path.slice(document.uri.path.lastIndexOf('/') + 1);
  const title =
    fixes === 1 ? l10n.t('{name}: 1 fix', { name }) : l10n.t('{name}: {count} fixes', { name, count: fixes });
  await commands.executeCommand('vscode.diff', document.uri, fixPreviews.show(document.uri, text), title);
}
