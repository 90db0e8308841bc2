import { type CodeAction, CodeActionKind } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Finding } from '../protocol/finding';
import type { FixedText, FixedTextParams } from '../protocol/languageServer';
import { editsTogether } from './editsTogether';
import { workspaceEdit } from './fixEdits';
import type { LintedDocument } from './lintedDocument';
import { toProtocolRange } from './position';
import type { Session } from './session';

export const fixAllKind = `${CodeActionKind.SourceFixAll}.plimsoll`;

/** One action for all the safe fixes of a document, from the findings of its present version. */
export async function fixAll(uri: string, session: Session): Promise<CodeAction[]> {
  const linted = await session.linter.lint(uri);
  if (!linted) return [];
  const { edits } = editsTogether(fixable(linted, ['safe']));
  if (edits.length === 0) return [];
  const title = session.render({ template: 'Fix all safe findings in this file' });
  return [{ title, kind: fixAllKind, edit: workspaceEdit(session, linted.folder, edits) }];
}

/** The document with its safe and derived fixes applied, to look at before anything is changed. */
export async function fixedText({ uri }: FixedTextParams, session: Session): Promise<FixedText> {
  const linted = await session.linter.lint(uri);
  if (!linted) return { text: null, fixes: 0 };
  const { edits, fixes } = editsTogether(fixable(linted, ['safe', 'derived']));
  if (fixes === 0) return { text: null, fixes };
  const document = TextDocument.create(uri, '', linted.version, linted.text);
  const text = TextDocument.applyEdits(
    document,
    edits.map(({ range, newText }) => ({ range: toProtocolRange(range), newText })),
  );
  return { text, fixes };
}

/** Findings whose fix stays inside the document. */
function fixable(linted: LintedDocument, kinds: readonly string[]): Finding[] {
  return linted.findings.filter(
    ({ fix }) =>
      fix !== undefined && kinds.includes(fix.kind) && fix.edits.every(({ file }) => file === linted.path),
  );
}
