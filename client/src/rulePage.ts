import { commands, Uri } from 'vscode';
import type { ShowDocumentRequest } from 'vscode-languageclient';

/** A rule's page is Markdown in the extension's folder: it is shown as a page, not as text to edit. */
export const showRulePage: ShowDocumentRequest.MiddlewareSignature = async (params, token, next) => {
  if (!params.uri.endsWith('.md')) return next(params, token);
  await commands.executeCommand('markdown.showPreviewToSide', Uri.parse(params.uri, true));
  return { success: true };
};
