import type { Severity } from '../protocol/finding';

export type Profile = 'recommended' | 'strict';

/** What the doors resolved from flags, the nearest .plimsoll.yaml and the editor, in that order. */
export interface LintSettings {
  readonly profile: Profile;
  /** Per rule name or foreign alias: a severity, or `off`. */
  readonly rules: Readonly<Record<string, Severity | 'off'>>;
  /** Rule names and foreign codes left to another tool that shows the same finding on the same document. */
  readonly leftToOthers: Pick<ReadonlySet<string>, 'has'>;
  /** Bytes on disk an image may have; undefined when no budget is set. */
  readonly sizeBudgetBytes?: number;
}

export const defaultSettings: LintSettings = { profile: 'recommended', rules: {}, leftToOthers: new Set() };
