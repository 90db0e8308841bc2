import { groupBy } from './groupBy';
import type { Finding } from '../protocol/finding';
import type { ConcernCount } from '../protocol/languageServer';

/** How many findings there are of each concern, with their bytes, in the order in which they were found. */
export function countsOf(findings: readonly Finding[]): ConcernCount[] {
  const groups = groupBy(findings, ({ concern }) => concern);
  return [...groups].map(([concern, members]) => {
    const bytes = members.flatMap((finding) => finding.bytes ?? []);
    return {
      concern,
      count: members.length,
      ...(bytes.length === 0 ? {} : { bytes: bytes.reduce((sum, each) => sum + each, 0) }),
    };
  });
}
