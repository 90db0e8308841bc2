import type { FindingJson } from '../findingJson';
import { fingerprint } from './sarif';

/** GitHub Actions workflow commands: annotations on the changed lines. */
export function githubReport(findings: readonly FindingJson[]): string {
  const levels = { error: 'error', warning: 'warning', info: 'notice', hint: 'notice' } as const;
  const value = (text: string): string =>
    text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  const property = (text: string): string => value(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
  return findings
    .map(({ file, range, severity, rule, message, next }) => {
      const place = `file=${property(file)},line=${range.start.line},col=${range.start.column},endLine=${range.end.line},endColumn=${range.end.column}`;
      return `::${levels[severity]} ${place},title=${property(rule)}::${value(`${message}. ${next}`)}\n`;
    })
    .join('');
}

/** GitLab code quality (a subset of Code Climate). */
export function gitlabReport(findings: readonly FindingJson[]): string {
  const severities = { error: 'critical', warning: 'major', info: 'minor', hint: 'info' } as const;
  const report = findings.map((finding) => ({
    description: `${finding.message}. ${finding.next}`,
    check_name: finding.rule,
    fingerprint: fingerprint(finding),
    severity: severities[finding.severity],
    location: { path: finding.file, lines: { begin: finding.range.start.line, end: finding.range.end.line } },
  }));
  return `${JSON.stringify(report, null, 2)}\n`;
}

export function checkstyleReport(findings: readonly FindingJson[]): string {
  const files = [...new Set(findings.map((finding) => finding.file))].map((file) => {
    const errors = findings
      .filter((finding) => finding.file === file)
      .map(
        ({ range, severity, rule, message }) =>
          `    <error line="${range.start.line}" column="${range.start.column}" severity="${severity === 'hint' ? 'info' : severity}" message="${xml(message)}" source="plimsoll.${rule}"/>\n`,
      );
    return `  <file name="${xml(file)}">\n${errors.join('')}  </file>\n`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<checkstyle version="4.3">\n${files.join('')}</checkstyle>\n`;
}

/** One test case per finding; a clean run is one passed case, because empty suites fail some readers. */
export function junitReport(findings: readonly FindingJson[]): string {
  const cases = findings.map(({ file, range, rule, message, why, next }) => {
    const place = `${file}:${range.start.line}:${range.start.column}`;
    return `    <testcase classname="${xml(file)}" name="${xml(`${rule} ${place}`)}">\n      <failure message="${xml(message)}">${xml(`${place}\n${why}\n${next}`)}</failure>\n    </testcase>\n`;
  });
  const body =
    cases.length === 0 ? '    <testcase classname="plimsoll" name="no findings"/>\n' : cases.join('');
  const counts = `tests="${Math.max(1, findings.length)}" failures="${findings.length}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${counts}>\n  <testsuite name="plimsoll" ${counts}>\n${body}  </testsuite>\n</testsuites>\n`;
}

function xml(text: string): string {
  const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  // Control characters are no XML at all.
  return text.replace(/(?![\t\n\r])\p{Cc}/gu, '\ufffd').replace(/[&<>"]/g, (char) => escapes[char] ?? char);
}
