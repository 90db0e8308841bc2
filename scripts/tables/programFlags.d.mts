export function mergeFlags(
  answers: readonly (readonly [version: string, flags: Readonly<Record<string, boolean>>])[],
  leftOut?: string,
): Record<string, { value: boolean; from?: string; to?: string }>;
