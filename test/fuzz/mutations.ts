/** A small generator of numbers from a seed (mulberry32): the same seed gives the same run everywhere. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Pieces that parsers trip over. */
const nasty = [
  '<<EOF',
  '\\',
  '\\\n',
  '`',
  '"',
  "'",
  '$(',
  '${',
  '}',
  '[',
  ']',
  '{',
  '#',
  '\n',
  '\r\n',
  '\r',
  '\t',
  '\u0000',
  '\ufeff',
  '\ud83d',
  '中文',
  '-r a.txt',
  '--mount=type=',
  '@',
  '==',
  '&&',
  '|',
  '"""',
  'FROM ',
  'RUN <<A <<B\n',
  '!',
  '\u2028',
  '- - -',
  '*a',
  '&a',
  '[[',
  '= "',
];

/** Cuts, doubles, swaps and inserts at random places, one to six times. */
export function mutated(text: string, random: () => number): string {
  let out = text;
  const times = 1 + Math.floor(random() * 6);
  for (let at = 0; at < times; at++) {
    const from = Math.floor(random() * (out.length + 1));
    const to = Math.min(out.length, from + Math.floor(random() * 40));
    const kind = Math.floor(random() * 5);
    if (kind === 0) out = out.slice(0, from);
    else if (kind === 1) out = out.slice(0, from) + out.slice(to);
    else if (kind === 2) out = out.slice(0, to) + out.slice(from, to) + out.slice(to);
    else if (kind === 3)
      out = out.slice(0, from) + (nasty[Math.floor(random() * nasty.length)] ?? '') + out.slice(from);
    else out = out.slice(0, from) + out.slice(from, to).split('').reverse().join('') + out.slice(to);
  }
  return out;
}
