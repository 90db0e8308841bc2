import { createHash } from 'node:crypto';
import { rules } from '../../lint/rules';
import type { FindingJson } from '../findingJson';
import type { Terminal } from '../terminal';

const levels = { error: 'error', warning: 'warning', info: 'note', hint: 'note' } as const;

/** SARIF 2.1.0, as GitHub code scanning takes it. */
export function sarifReport(findings: readonly FindingJson[], version: string, terminal: Terminal): string {
  const used = rules.filter((rule) => findings.some((finding) => finding.rule === rule.name));
  const run = {
    tool: {
      driver: {
        name: 'Plimsoll',
        version,
        rules: used.map((rule) => ({
          id: rule.name,
          shortDescription: { text: terminal.say({ template: rule.summary }) },
          fullDescription: { text: terminal.say({ template: rule.why }) },
          help: { text: terminal.say({ template: rule.next }) },
          defaultConfiguration: { level: levels[rule.severity] },
          properties: { tags: [rule.concern] },
        })),
      },
    },
    columnKind: 'utf16CodeUnits',
    results: findings.map((finding) => ({
      ruleId: finding.rule,
      ruleIndex: used.findIndex((rule) => rule.name === finding.rule),
      level: levels[finding.severity],
      message: { text: `${finding.message}. ${finding.next}` },
      locations: [location(finding.file, finding.range)],
      ...(finding.related
        ? {
            relatedLocations: finding.related.map((place) => ({
              ...location(place.file, place.range),
              message: { text: place.message },
            })),
          }
        : {}),
      partialFingerprints: { plimsoll: fingerprint(finding) },
    })),
  };
  return `${JSON.stringify({ $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] }, null, 2)}\n`;
}

function location(file: string, range: FindingJson['range']): object {
  return {
    physicalLocation: {
      artifactLocation: { uri: encodeURI(file) },
      region: {
        startLine: range.start.line,
        startColumn: range.start.column,
        endLine: range.end.line,
        endColumn: range.end.column,
      },
    },
  };
}

/** Stays the same when lines above are added: rule, file and message make it. */
export function fingerprint(finding: FindingJson): string {
  return createHash('sha256')
    .update(`${finding.rule}\0${finding.file}\0${finding.message}`)
    .digest('hex')
    .slice(0, 32);
}
