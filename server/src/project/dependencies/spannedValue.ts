import type { Span } from '../span';

/** A value of a TOML or JSON file with the place of everything in it. */
export type SpannedValue = SpannedText | SpannedScalar | SpannedList | SpannedTable;

export interface SpannedText {
  readonly kind: 'text';
  readonly value: string;
  /** With the quotes. */
  readonly span: Span;
  /** Between the quotes; as long as `value` unless it holds escapes. */
  readonly inner: Span;
}

/** A number, boolean or date as written. */
export interface SpannedScalar {
  readonly kind: 'scalar';
  readonly value: string;
  readonly span: Span;
}

export interface SpannedList {
  readonly kind: 'list';
  readonly items: readonly SpannedValue[];
  readonly span: Span;
}

export interface SpannedTable {
  readonly kind: 'table';
  readonly entries: ReadonlyMap<string, SpannedEntry>;
  /** From its header or brace; for a table that only dotted keys made, its first key. */
  readonly span: Span;
}

export interface SpannedEntry {
  readonly key: string;
  /** Without the quotes. */
  readonly keySpan: Span;
  readonly value: SpannedValue;
}

/** The value under a path of keys; undefined where a key is missing or no table. */
export function valueAt(
  value: SpannedValue | undefined,
  ...keys: readonly string[]
): SpannedValue | undefined {
  let at = value;
  for (const key of keys) at = at?.kind === 'table' ? at.entries.get(key)?.value : undefined;
  return at;
}

export function textAt(value: SpannedValue | undefined, ...keys: readonly string[]): SpannedText | undefined {
  const found = valueAt(value, ...keys);
  return found?.kind === 'text' ? found : undefined;
}

export function itemsAt(
  value: SpannedValue | undefined,
  ...keys: readonly string[]
): readonly SpannedValue[] {
  const found = valueAt(value, ...keys);
  return found?.kind === 'list' ? found.items : [];
}

export function entriesAt(
  value: SpannedValue | undefined,
  ...keys: readonly string[]
): readonly SpannedEntry[] {
  const found = valueAt(value, ...keys);
  return found?.kind === 'table' ? [...found.entries.values()] : [];
}

export function textsAt(value: SpannedValue | undefined, ...keys: readonly string[]): readonly SpannedText[] {
  return itemsAt(value, ...keys).filter((item) => item.kind === 'text');
}
