import { EventEmitter, type TextDocumentContentProvider, Uri } from 'vscode';

export const fixedScheme = 'plimsoll-fixed';

/** Texts with their fixes applied, shown beside the document and not yet in it. */
export class FixPreviews implements TextDocumentContentProvider {
  private readonly texts = new Map<string, string>();
  private readonly changed = new EventEmitter<Uri>();
  readonly onDidChange = this.changed.event;

  /** The preview's URI: same path, so that the editor sees the same language. */
  show(document: Uri, text: string): Uri {
    const preview = Uri.from({ scheme: fixedScheme, path: document.path, query: document.toString() });
    this.texts.set(preview.toString(), text);
    this.changed.fire(preview);
    return preview;
  }

  provideTextDocumentContent(uri: Uri): string {
    return this.texts.get(uri.toString()) ?? '';
  }

  /** The document that a preview belongs to. */
  documentOf(preview: Uri): Uri {
    return Uri.parse(preview.query, true);
  }
}
