import type { Finding, Severity } from '../../protocol/finding';
import { byteText } from '../../project/byteText';
import type { Summary } from '../findingJson';
import type { Terminal } from '../terminal';

const colors: Readonly<Record<Severity, string>> = { error: '31', warning: '33', info: '36', hint: '90' };

/** The report for people: findings by file, what to do next under each, and one closing line. */
export function textReport(findings: readonly Finding[], summary: Summary, terminal: Terminal): string {
  const paint = (code: string, text: string): string =>
    terminal.color ? `\u001b[${code}m${text}\u001b[0m` : text;
  const out: string[] = [];
  for (const [file, own] of byFile(findings)) {
    out.push(paint('1', file));
    const places = own.map(({ range }) => `${range.start.line}:${range.start.column}`);
    const placeWidth = Math.max(...places.map((place) => place.length));
    for (const [index, finding] of own.entries()) {
      const severity = severityWord(finding.severity, terminal);
      const bytes = finding.bytes === undefined ? '' : ` ${paint('35', `~${byteText(finding.bytes)}`)}`;
      out.push(
        `  ${(places[index] ?? '').padEnd(placeWidth)}  ${paint(colors[finding.severity], severity)}  ${terminal.say(finding.what)}${bytes}  ${paint('90', finding.rule)}`,
      );
      out.push(`  ${' '.repeat(placeWidth)}  ${paint('90', `→ ${terminal.say(finding.next)}`)}`);
    }
    out.push('');
  }
  out.push(closingLine(findings, summary, terminal));
  return `${out.join('\n')}\n`;
}

function severityWord(severity: Severity, terminal: Terminal): string {
  switch (severity) {
    case 'error':
      return terminal.say({ template: 'error' });
    case 'warning':
      return terminal.say({ template: 'warning' });
    case 'info':
      return terminal.say({ template: 'info' });
    case 'hint':
      return terminal.say({ template: 'hint' });
  }
}

function byFile(findings: readonly Finding[]): ReadonlyMap<string, readonly Finding[]> {
  const files = new Map<string, Finding[]>();
  for (const finding of findings) files.set(finding.file, [...(files.get(finding.file) ?? []), finding]);
  return files;
}

function closingLine(findings: readonly Finding[], summary: Summary, terminal: Terminal): string {
  if (findings.length === 0)
    return terminal.say({ template: 'No findings in {files} files', with: { files: summary.files } });
  const fixable = findings.filter((finding) => finding.fix?.kind === 'safe').length;
  const derived = findings.filter((finding) => finding.fix?.kind === 'derived').length;
  const counts = terminal.say({
    template: '{errors} errors, {warnings} warnings, {infos} infos in {files} files',
    with: {
      errors: summary.errors,
      warnings: summary.warnings,
      infos: summary.infos + summary.hints,
      files: summary.files,
    },
  });
  if (fixable + derived === 0) return counts;
  return `${counts}\n${terminal.say({ template: '{fixable} can be fixed with --fix, {derived} more with --fix-derived', with: { fixable, derived } })}`;
}
