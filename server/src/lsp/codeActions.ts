import {
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  type Diagnostic,
} from 'vscode-languageserver';
import { allowComment, commentPlace } from './allowComment';
import { type DiagnosticContent, diagnosticContent } from './diagnosticContent';
import { fixAll, fixAllKind } from './fixAll';
import { snippetEdit, workspaceEdit } from './fixEdits';
import type { LintedDocument } from './lintedDocument';
import { openRulePageCommand } from './openRulePage';
import type { Session } from './session';
import { textHash } from './textHash';
import type { Place } from './workspace';

/** Every kind of action this server gives. */
export const codeActionKinds = [CodeActionKind.QuickFix, fixAllKind];

/** Actions for the diagnostics that the client holds. They come out of the diagnostics themselves. */
export async function codeActions(params: CodeActionParams, session: Session): Promise<CodeAction[]> {
  const place = session.workspace.placeOf(params.textDocument.uri);
  if (!place) return [];
  const wanted = (kind: string): boolean =>
    params.context.only === undefined ||
    params.context.only.some((only) => kind === only || kind.startsWith(`${only}.`));
  const actions: CodeAction[] = [];
  if (wanted(CodeActionKind.QuickFix)) {
    for (const diagnostic of params.context.diagnostics)
      actions.push(...(await quickFixes(diagnostic, place, session)));
  }
  // In the menu of a single place, "fix all" would be one more line to read past.
  if (params.context.only !== undefined && wanted(fixAllKind))
    actions.push(...(await fixAll(params.textDocument.uri, session)));
  return actions;
}

async function quickFixes(diagnostic: Diagnostic, place: Place, session: Session): Promise<CodeAction[]> {
  const content = diagnostic.source === 'plimsoll' ? diagnosticContent(diagnostic.data) : undefined;
  if (!content) return [];
  const { project } = await place.folder.snapshot();
  const fits = Object.entries(content.texts).every(
    ([file, hash]) => textHash(project.tree.textOf(file) ?? '') === hash,
  );
  return [
    ...(content.fix && fits ? [fixAction(content.fix, diagnostic, place, session)] : []),
    ...allowAction(content, diagnostic, place, session, project),
    pageAction(content.rule, diagnostic, session),
  ].filter((action) => action !== undefined);
}

function fixAction(
  fix: NonNullable<DiagnosticContent['fix']>,
  diagnostic: Diagnostic,
  { folder }: Place,
  session: Session,
): CodeAction {
  const title = session.render(fix.title);
  const asked = {
    label: title,
    description: session.render({ template: 'Worked out from other files: please check' }),
  };
  return {
    title,
    kind: CodeActionKind.QuickFix,
    diagnostics: [diagnostic],
    isPreferred: fix.kind === 'safe',
    edit: workspaceEdit(session, folder, fix.edits, fix.kind === 'derived' ? asked : undefined),
  };
}

function allowAction(
  { rule }: DiagnosticContent,
  diagnostic: Diagnostic,
  { folder, path }: Place,
  session: Session,
  project: LintedDocument['project'],
): CodeAction[] {
  const text = folder.documents.get(path)?.getText() ?? '';
  const place = commentPlace(project, path, text, diagnostic.range.start.line);
  if (!place) return [];
  const position = { line: place.line, character: 0 };
  const reason = session.render({ template: 'reason' });
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const range = { start: position, end: position };
  const edit = session.client.snippetEdits
    ? snippetEdit(session, folder, path, {
        range,
        snippet: {
          kind: 'snippet',
          value: `${place.indent}${allowComment(rule, `\${1:${reason}}`)}${lineEnd}`,
        },
      })
    : workspaceEdit(session, folder, [
        {
          file: path,
          range: { start: { line: place.line + 1, column: 1 }, end: { line: place.line + 1, column: 1 } },
          newText: `${place.indent}${allowComment(rule, reason)}${lineEnd}`,
        },
      ]);
  const title = session.render({ template: 'Allow {rule} here, with a reason', with: { rule } });
  return [{ title, kind: CodeActionKind.QuickFix, diagnostics: [diagnostic], edit }];
}

function pageAction(rule: string, diagnostic: Diagnostic, session: Session): CodeAction | undefined {
  if (!session.client.showsDocuments || session.pageOf(rule) === undefined) return undefined;
  const title = session.render({ template: 'Open the page of {rule}', with: { rule } });
  return {
    title,
    kind: CodeActionKind.QuickFix,
    diagnostics: [diagnostic],
    command: { title, command: openRulePageCommand, arguments: [rule] },
  };
}
