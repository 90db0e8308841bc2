import { formatBytes } from '../l10n/formatBytes';
import type { Concern, Finding, Severity } from '../protocol/finding';
import type { Message } from '../protocol/message';
import { groupBy } from './groupBy';

/**
 * What a status item says of the findings, worst first. A finding counts in the first group that takes it: what
 * may stop a build or a start, but is no error, is among the rest.
 */
const groups: readonly {
  /** All of them when left out. */
  readonly concerns?: readonly Concern[];
  readonly severity?: Severity;
  readonly words: (count: number, bytes: number) => Message;
}[] = [
  {
    concerns: ['build'],
    severity: 'error',
    words: (count) =>
      count === 1
        ? { template: '1 stops the build' }
        : { template: '{count} stop the build', with: { count } },
  },
  {
    concerns: ['start'],
    severity: 'error',
    words: (count) =>
      count === 1
        ? { template: '1 stops the start' }
        : { template: '{count} stop the start', with: { count } },
  },
  {
    concerns: ['size', 'cache'],
    words: (count, bytes) => {
      const values = { count, bytes: formatBytes(bytes) };
      if (bytes === 0)
        return count === 1
          ? { template: '1 wastes space' }
          : { template: '{count} waste space', with: values };
      return count === 1
        ? { template: '1 wastes {bytes}', with: values }
        : { template: '{count} waste {bytes}', with: values };
    },
  },
  {
    concerns: ['security', 'non-root'],
    words: (count) => ({ template: '{count} security', with: { count } }),
  },
  { concerns: ['gpu'], words: (count) => ({ template: '{count} GPU', with: { count } }) },
  {
    words: (count) => ({ template: '{count} more', with: { count } }),
  },
];

/** `2 stop the build`, `3 waste 7.8 GB`: groups without findings are left out; bytes are the findings' estimates. */
export function countsInWords(findings: readonly Finding[]): Message[] {
  const byGroup = groupBy(findings, (finding) =>
    groups.find(
      ({ concerns, severity }) =>
        (concerns?.includes(finding.concern) ?? true) && (severity ?? finding.severity) === finding.severity,
    ),
  );
  return groups.flatMap((group) => {
    const members = byGroup.get(group) ?? [];
    const bytes = members.reduce((sum, finding) => sum + (finding.bytes ?? 0), 0);
    return members.length === 0 ? [] : [group.words(members.length, bytes)];
  });
}
