import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver';
import type { Finding, Severity } from '../protocol/finding';
import type { DiagnosticContent } from './diagnosticContent';
import type { LintedDocument } from './lintedDocument';
import { toProtocolRange } from './position';
import type { Session } from './session';
import { textHash } from './textHash';

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** The findings of a document as diagnostics, with what its code actions will need. */
export function diagnosticsOf(linted: LintedDocument, session: Session): Diagnostic[] {
  const hashes = new Map<string, string>();
  const hashOf = (file: string): string => {
    const text = file === linted.path ? linted.text : (linted.project.tree.textOf(file) ?? '');
    const hash = hashes.get(file) ?? textHash(text);
    hashes.set(file, hash);
    return hash;
  };
  return linted.findings.map((finding) => diagnosticOf(finding, linted, session, hashOf));
}

function diagnosticOf(
  finding: Finding,
  { folder }: LintedDocument,
  session: Session,
  hashOf: (file: string) => string,
): Diagnostic {
  const page = session.pageOf(finding.rule);
  const content: DiagnosticContent = {
    rule: finding.rule,
    concern: finding.concern,
    ...(finding.fix ? { fix: finding.fix } : {}),
    texts: Object.fromEntries((finding.fix?.edits ?? []).map(({ file }) => [file, hashOf(file)])),
  };
  return {
    range: toProtocolRange(finding.range),
    severity: severities[finding.severity],
    source: 'plimsoll',
    code: finding.rule,
    ...(page === undefined ? {} : { codeDescription: { href: page } }),
    message: session.render(finding.what),
    ...(session.client.relatedInformation && finding.related
      ? {
          relatedInformation: finding.related.map(({ file, range, message }) => ({
            location: { uri: session.uriOf(folder, file), range: toProtocolRange(range) },
            message: session.render(message),
          })),
        }
      : {}),
    data: content,
  };
}
