import { formatBytes } from '../l10n/formatBytes';
import type { Concern, Finding } from '../protocol/finding';
import type { Message } from '../protocol/message';

/** What a status item says of the findings, worst first; each group counts some concerns. */
const groups: readonly {
  readonly concerns: readonly Concern[];
  readonly words: (count: number, bytes: number) => Message;
}[] = [
  {
    concerns: ['build'],
    words: (count) =>
      count === 1
        ? { template: '1 stops the build' }
        : { template: '{count} stop the build', with: { count } },
  },
  {
    concerns: ['start'],
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
    concerns: ['python', 'model', 'serving', 'agreement'],
    words: (count) => ({ template: '{count} more', with: { count } }),
  },
];

/** `2 stop the build`, `3 waste 7.8 GB`: groups without findings are left out; bytes are the findings' estimates. */
export function countsInWords(findings: readonly Finding[]): Message[] {
  return groups.flatMap(({ concerns, words }) => {
    const members = findings.filter(({ concern }) => concerns.includes(concern));
    const bytes = members.reduce((sum, finding) => sum + (finding.bytes ?? 0), 0);
    return members.length === 0 ? [] : [words(members.length, bytes)];
  });
}
