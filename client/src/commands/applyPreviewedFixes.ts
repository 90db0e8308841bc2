import { Range, window, workspace, WorkspaceEdit } from 'vscode';
import { fixedScheme } from '../fixPreviews';
import type { Services } from '../services';

/** Takes the text of the preview that is looked at over into its document; one undo takes it back. */
export async function applyPreviewedFixes({ fixPreviews }: Services): Promise<void> {
  const preview = window.visibleTextEditors.find(
    ({ document }) => document.uri.scheme === fixedScheme,
  )?.document;
  if (!preview) return;
  const document = await workspace.openTextDocument(fixPreviews.documentOf(preview.uri));
  const edit = new WorkspaceEdit();
  edit.replace(document.uri, new Range(0, 0, document.lineCount, 0), preview.getText());
  await workspace.applyEdit(edit);
  await window.showTextDocument(document);
}
