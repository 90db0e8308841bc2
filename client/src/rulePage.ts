import { type Diagnostic, Uri, commands } from 'vscode';
import type { DiagnosticProviderMiddleware, ShowDocumentRequest } from 'vscode-languageclient';

/** A rule's page is Markdown in the extension's folder: it is shown as a page, not as text to edit. */
export const showRulePage: ShowDocumentRequest.MiddlewareSignature = async (params, token, next) => {
  if (!params.uri.endsWith('.md')) return next(params, token);
  await commands.executeCommand('plimsoll.openRulePage', params.uri);
  return { success: true };
};

/** The link behind a finding's rule: the editor would open the page as text, so a command opens it as a page. */
export const linkRulePages: NonNullable<DiagnosticProviderMiddleware['provideDiagnostics']> = async (
  document,
  previous,
  token,
  next,
) => {
  const report = await next(document, previous, token);
  if (report && 'items' in report) report.items.forEach(linkRulePage);
  return report;
};

function linkRulePage({ code }: Diagnostic): void {
  if (typeof code !== 'object' || code.target.scheme === 'command') return;
  const page = JSON.stringify([code.target.toString()]);
  code.target = Uri.from({
    scheme: 'command',
    path: 'plimsoll.openRulePage',
    query: encodeURIComponent(page),
  });
}
