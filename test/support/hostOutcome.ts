/** What a test inside the extension host reports, one console line each, behind `outcomePrefix`. */
export type HostOutcome =
  | { kind: 'test'; title: string; ok: boolean; ms: number; error?: string; skipped?: boolean }
  | { kind: 'summary'; passed: number; failed: number };

export const outcomePrefix = 'plimsoll-outcome ';
