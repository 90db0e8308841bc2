import { type CodeAction, CodeActionKind } from 'vscode-languageserver';
import type { Edit, FixKind } from '../protocol/finding';
import { type AppliedFixes, applyFixes } from '../lint/applyFixes';
import type { FixedText, FixedTextParams } from '../protocol/languageServer';
import { workspaceEdit } from './fixEdits';
import type { LintedDocument } from './lintedDocument';
import type { Session } from './session';

export const fixAllKind = `${CodeActionKind.SourceFixAll}.plimsoll`;

/** One action for all the safe fixes of a document, from the findings of its present version. */
export async function fixAll(uri: string, session: Session): Promise<CodeAction[]> {
  const linted = await session.linter.lint(uri);
  const fixes = linted && fixesOf(linted, new Set<FixKind>(['safe']));
  if (!linted || !fixes || fixes.applied.length === 0) return [];
  const edits = fixes.applied.flatMap(({ fix }) => fix?.edits ?? []);
  const title = session.render({ template: 'Fix all safe findings in this file' });
  return [{ title, kind: fixAllKind, edit: workspaceEdit(session, linted.folder, withoutTwins(edits)) }];
}

/** The document with its safe and derived fixes applied, to look at before anything is changed. */
export async function fixedText({ uri }: FixedTextParams, session: Session): Promise<FixedText> {
  const linted = await session.linter.lint(uri);
  const fixes = linted && fixesOf(linted, new Set<FixKind>(['safe', 'derived']));
  return { text: fixes?.texts.get(linted?.path ?? '') ?? null, fixes: fixes?.applied.length ?? 0 };
}

/** Fixes that stay inside the document and can be made together. */
function fixesOf(linted: LintedDocument, kinds: ReadonlySet<FixKind>): AppliedFixes {
  const own = linted.findings.filter(({ fix }) => fix?.edits.every(({ file }) => file === linted.path));
  return applyFixes(own, kinds, () => linted.text);
}

/** Two fixes that insert the same line at the same place share the edit. */
function withoutTwins(edits: readonly Edit[]): Edit[] {
  return [...new Map(edits.map((edit) => [JSON.stringify(edit), edit])).values()];
}
