export function seriesFor(files: readonly string[], machine: 'x86_64' | 'aarch64'): string;
export function compareVersions(a: string, b: string): number;
export function foldRows<Row extends { version: string }>(
  rows: readonly Row[],
): (Omit<Row, 'version'> & { versions: string[] })[];
