export function measuredWheels(
  tsv: string,
): Map<string, { version: string; wheelBytes: number; installedBytes: number }>;
