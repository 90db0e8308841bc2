export function releaseRows(
  cycle: Record<string, { first_release?: string; end_of_life?: string }>,
): { version: string; firstRelease: string; endOfLife: string }[];
