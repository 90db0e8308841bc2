const factors: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  m: 1e6,
  g: 1e9,
  t: 1e12,
  ki: 2 ** 10,
  mi: 2 ** 20,
  gi: 2 ** 30,
  ti: 2 ** 40,
};

/** `500MB`, `2 GiB`, `1500000` in bytes: decimal units as image sizes are told, `Ki`-style units binary. */
export function readByteCount(text: string): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([kmgt]i?)?b?\s*$/i.exec(text);
  if (!match?.[1]) return undefined;
  return Math.round(Number(match[1]) * (factors[(match[2] ?? '').toLowerCase()] ?? 1));
}
