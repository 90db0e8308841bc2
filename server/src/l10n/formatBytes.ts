const units = ['kB', 'MB', 'GB', 'TB'];

/** Decimal units as image sizes are given everywhere: `412 MB`, `4.7 GB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  let value = bytes;
  let unit = -1;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value >= 9.95 ? Math.round(value) : Math.round(value * 10) / 10} ${units[unit]}`;
}
