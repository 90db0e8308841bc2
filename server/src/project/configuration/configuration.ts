import type { Severity } from '../../protocol/finding';

/** A `.plimsoll.yaml`, every value checked. Rule names are not checked here: only lint knows them. */
export interface Configuration {
  readonly profile?: 'recommended' | 'strict';
  readonly failOn?: 'error' | 'warning' | 'info' | 'never';
  /** Rule name or foreign code -> severity or `off`. */
  readonly rules: Readonly<Record<string, Severity | 'off'>>;
  /** .gitignore-style patterns, relative to the configuration's folder. */
  readonly exclude: readonly string[];
  /** Dockerfile -> build context, both relative to the configuration's folder; `*` for every Dockerfile. */
  readonly context: Readonly<Record<string, string>>;
  readonly sizeBudgetBytes?: number;
}

export const emptyConfiguration: Configuration = { rules: {}, exclude: [], context: {} };

/** Names a configuration may have, in order of preference. */
export const configurationNames: readonly string[] = ['.plimsoll.yaml', '.plimsoll.yml'];
