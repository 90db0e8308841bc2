export function readVia(text: string): Map<string, string[]>;
export function dependents(
  via: ReadonlyMap<string, readonly string[]>,
  target: string,
  except?: ReadonlySet<string>,
): Set<string>;
export function measuredSizes(
  tsv: string,
): Record<string, { version: string; wheelBytes: number; installedBytes: number }[]>;
