import type { Bundle } from '../l10n/render';

/** The client's `initializationOptions`, every field checked; what is missing or odd counts as not given. */
export interface ReadOptions {
  readonly bundle: Bundle;
  readonly rulePages?: string;
  /** Patterns of the codes that the linters installed beside this one can show. */
  readonly otherLinters: readonly RegExp[];
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
    otherLinters: Array.isArray(otherLinters) ? otherLinters.flatMap(patternIn) : [],
    othersComplete: othersComplete === true,
    servesFiles: servesFiles === true,
    settings,
  };
}

function patternIn(text: unknown): RegExp[] {
  try {
    return typeof text === 'string' ? [new RegExp(text)] : [];
  } catch {
    return [];
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
