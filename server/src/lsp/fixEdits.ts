import { groupBy } from './groupBy';
import type {
  AnnotatedTextEdit,
  ChangeAnnotation,
  SnippetTextEdit,
  TextDocumentEdit,
  TextEdit,
  WorkspaceEdit,
} from 'vscode-languageserver';
import type { Edit } from '../protocol/finding';
import type { Folder } from './folder';
import { toProtocolRange } from './position';
import type { Session } from './session';

/** A worded wish that the client shows the change and asks before it applies it. */
export interface Confirmation {
  readonly label: string;
  readonly description: string;
}

/** Edits of one project as a workspace edit, tied to the versions of the open documents where the client can. */
export function workspaceEdit(
  session: Session,
  folder: Folder,
  edits: readonly Edit[],
  confirmation?: Confirmation,
): WorkspaceEdit {
  const files = groupBy(edits, ({ file }) => file);
  if (!session.client.versionedEdits) {
    return {
      changes: Object.fromEntries(
        [...files].map(([file, own]) => [session.uriOf(folder, file), own.map((edit) => textEdit(edit))]),
      ),
    };
  }
  const asks = confirmation !== undefined && session.client.confirmsEdits;
  const annotations: Record<string, ChangeAnnotation> | undefined = asks
    ? { fix: { label: confirmation.label, description: confirmation.description, needsConfirmation: true } }
    : undefined;
  const documentChanges = [...files].map(
    ([file, own]): TextDocumentEdit => ({
      textDocument: versionedIdentifier(session, folder, file),
      edits: own.map((edit): TextEdit | AnnotatedTextEdit =>
        asks ? { ...textEdit(edit), annotationId: 'fix' } : textEdit(edit),
      ),
    }),
  );
  return { documentChanges, ...(annotations ? { changeAnnotations: annotations } : {}) };
}

/** One insertion whose `${1:text}` the person types over. Only for clients that announced snippet edits. */
export function snippetEdit(
  session: Session,
  folder: Folder,
  file: string,
  edit: SnippetTextEdit,
): WorkspaceEdit {
  return { documentChanges: [{ textDocument: versionedIdentifier(session, folder, file), edits: [edit] }] };
}

function versionedIdentifier(
  session: Session,
  folder: Folder,
  file: string,
): { uri: string; version: number | null } {
  return { uri: session.uriOf(folder, file), version: folder.documents.get(file)?.version ?? null };
}

function textEdit({ range, newText }: Edit): TextEdit {
  return { range: toProtocolRange(range), newText };
}
