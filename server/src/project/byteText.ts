/** `7.8 GB`, `410 MB`, `12 kB`: decimal units, as image sizes are told. */
export function byteText(bytes: number): string {
  for (const [unit, factor] of [
    ['GB', 1e9],
    ['MB', 1e6],
    ['kB', 1e3],
  ] as const) {
    if (bytes >= factor) return `${(bytes / factor).toFixed(bytes / factor < 10 ? 1 : 0)} ${unit}`;
  }
  return `${bytes} B`;
}
