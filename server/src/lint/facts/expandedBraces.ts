/**
 * The words that bash makes of a word with one `{a,b}` or `{1..5}` outside of quotes, in its order. Undefined for
 * nested or several groups and for more than twelve words.
 */
export function expandedBraces(raw: string): readonly string[] | undefined {
  const match = /^([^{}'"\\]*)\{([^{}'"\\$\s]*)\}([^{}'"\\]*)$/.exec(raw);
  if (!match) return undefined;
  const [, before = '', inside = '', after = ''] = match;
  const items = inside.includes(',') ? inside.split(',') : numbers(inside);
  if (!items || items.length > 12) return undefined;
  return items.map((item) => `${before}${item}${after}`).filter((word) => word !== '');
}

function numbers(text: string): readonly string[] | undefined {
  const match = /^(\d{1,3})\.\.(\d{1,3})$/.exec(text);
  if (!match || /^0\d/.test(match[1] ?? '') || /^0\d/.test(match[2] ?? '')) return undefined;
  const from = Number(match[1]);
  const to = Number(match[2]);
  const step = from <= to ? 1 : -1;
  return Array.from({ length: Math.min(Math.abs(to - from) + 1, 13) }, (_, index) =>
    String(from + step * index),
  );
}
