import type { Bundle } from '../l10n/render';

/** The client's `initializationOptions`, every field checked; what is missing or odd counts as not given. */
export interface ReadOptions {
  readonly bundle: Bundle;
  readonly rulePages?: string;
  /** Codes of the linters that are installed beside this one. */
  readonly otherLinters: ReadonlySet<string>;
  readonly othersComplete: boolean;
  readonly servesFiles: boolean;
  readonly settings: unknown;
}

export function initializationOptions(given: unknown): ReadOptions {
  const options = isRecord(given) ? given : {};
  const { bundle, rulePages, otherLinters, othersComplete, servesFiles, settings } = options;
  const texts = isRecord(bundle)
    ? Object.entries(bundle).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
    : [];
  return {
    bundle: Object.fromEntries(texts),
    ...(typeof rulePages === 'string' ? { rulePages } : {}),
    otherLinters: new Set(
      Array.isArray(otherLinters) ? otherLinters.filter((code) => typeof code === 'string') : [],
    ),
    othersComplete: othersComplete === true,
    servesFiles: servesFiles === true,
    settings,
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
