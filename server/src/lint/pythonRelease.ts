import { type Answer, known, unknown } from '../project/answer';
import table from './data/pythonReleases.json';

/** The day this table was read; a series is past its end when that day is. */
export const pythonReleasesDate = table.date;

export interface EndOfLife {
  /** `2024-10-07`, or `2026-10` where the day was never fixed. */
  readonly date: string;
  readonly isPast: boolean;
}

/** `version` is a series such as `3.10`. Unknown for a series that is not listed. */
export function endOfLife(version: string): Answer<EndOfLife> {
  const row = table.rows.find((release) => release.version === version);
  if (!row) return unknown;
  // A bare month is over when the next one has begun; text comparison does that when it is padded to its end.
  const lastDay = row.endOfLife.length === 7 ? `${row.endOfLife}-31` : row.endOfLife;
  return known({ date: row.endOfLife, isPast: lastDay < table.date });
}
