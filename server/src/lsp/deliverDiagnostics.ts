import {
  type CancellationToken,
  type Diagnostic,
  type DocumentDiagnosticParams,
  DocumentDiagnosticReportKind,
  type DocumentDiagnosticReport,
  LSPErrorCodes,
  ResponseError,
} from 'vscode-languageserver';
import { type Counts, countsMethod } from '../protocol/languageServer';
import { contextInWords } from './buildContext';
import { countsInWords } from './counts';
import { diagnosticsOf } from './diagnostics';
import type { LintedDocument } from './lintedDocument';
import type { Session } from './session';
import { textHash } from './textHash';

/** Typing in one file moves findings in others; they are looked at again when the typing rests this long. */
const restMs = 250;

/**
 * Brings findings to the client: it pulls them where it can, else they are pushed. When a change moves findings
 * of other open documents, those are pushed again, or the client is asked to pull again.
 */
export class DiagnosticsDelivery {
  /** The id of what each open document showed last. */
  private readonly delivered = new Map<string, string>();
  private rest: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly session: Session) {}

  /** The answer to a pull. */
  async pull(params: DocumentDiagnosticParams, token: CancellationToken): Promise<DocumentDiagnosticReport> {
    const { uri } = params.textDocument;
    const linted = await this.session.linter.lint(uri);
    if (token.isCancellationRequested) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'cancelled');
    if (!linted) return { kind: DocumentDiagnosticReportKind.Full, items: [] };
    const report = this.report(linted);
    if (report.resultId === params.previousResultId) {
      return { kind: DocumentDiagnosticReportKind.Unchanged, resultId: report.resultId };
    }
    return { kind: DocumentDiagnosticReportKind.Full, ...report };
  }

  /** A document was opened or typed in. */
  async changed(uri: string): Promise<void> {
    this.lookAgainLater();
    if (!this.session.client.pullsDiagnostics) await this.push(uri);
  }

  async closed(uri: string): Promise<void> {
    this.delivered.delete(uri);
    this.lookAgainLater();
    // A pulling client drops the diagnostics of a closed document by itself.
    if (!this.session.client.pullsDiagnostics)
      await this.session.connection.sendDiagnostics({ uri, diagnostics: [] });
  }

  /** Looks at every open document once the changes rest. */
  lookAgainLater(): void {
    clearTimeout(this.rest);
    this.rest = setTimeout(() => {
      void this.lookAgain().catch((error: unknown) => this.session.logError(error));
    }, restMs);
  }

  dispose(): void {
    clearTimeout(this.rest);
  }

  private async lookAgain(): Promise<void> {
    let moved = false;
    for (const { documents } of this.session.workspace.folders) {
      for (const { uri } of documents.values()) {
        if (!this.session.client.pullsDiagnostics) await this.push(uri);
        else moved = (await this.hasMoved(uri)) || moved;
      }
    }
    if (moved && this.session.client.refreshesDiagnostics)
      await this.session.connection.languages.diagnostics.refresh();
  }

  /** Whether a document that was shown would show something else now. */
  private async hasMoved(uri: string): Promise<boolean> {
    const before = this.delivered.get(uri);
    if (before === undefined) return false;
    const linted = await this.session.linter.lint(uri);
    return (
      linted !== undefined &&
      before === this.delivered.get(uri) &&
      this.idOf(linted, this.items(linted)) !== before
    );
  }

  private async push(uri: string): Promise<void> {
    const linted = await this.session.linter.lint(uri);
    if (!linted) return;
    const before = this.delivered.get(uri);
    const { items, resultId } = this.report(linted);
    if (resultId === before) return;
    await this.session.connection.sendDiagnostics({ uri, version: linted.version, diagnostics: items });
  }

  private report(linted: LintedDocument): { items: Diagnostic[]; resultId: string } {
    const items = this.items(linted);
    const resultId = this.idOf(linted, items);
    if (this.delivered.get(linted.uri) !== resultId) {
      this.delivered.set(linted.uri, resultId);
      this.tellCounts(linted);
    }
    return { items, resultId };
  }

  private tellCounts({ uri, findings, project, path }: LintedDocument): void {
    const words = countsInWords(findings)
      .map((message) => this.session.render(message))
      .join(' · ');
    const context = contextInWords(project, path);
    const counts: Counts = {
      uri,
      findings: findings.length,
      words,
      ...(context ? { context: this.session.render(context) } : {}),
    };
    const sent = this.session.connection.sendNotification(countsMethod, counts);
    sent.catch((error: unknown) => this.session.logError(error));
  }

  private items(linted: LintedDocument): Diagnostic[] {
    return diagnosticsOf(linted, this.session);
  }

  private idOf(linted: LintedDocument, items: readonly Diagnostic[]): string {
    return `${textHash(linted.text)}-${textHash(JSON.stringify(items))}`;
  }
}
