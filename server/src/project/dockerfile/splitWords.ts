import type { Span } from '../span';
import { expandVariables, type VariableLookup } from './expandVariables';
import { type Answer, known } from '../answer';
import type { Word } from './word';

/** Cuts one logical line (see `logicalText`) into blank-separated words; quotes hold blanks together. */
export function splitWords(
  line: string,
  offset: number,
  lookup: VariableLookup,
  escape: '\\' | '`',
): readonly Word[] {
  return wordSpans(line, escape).map(({ start, end }) => {
    const raw = line.slice(start, end);
    return { span: { start: offset + start, end: offset + end }, raw, value: unquote(raw, lookup, escape) };
  });
}

function wordSpans(line: string, escape: '\\' | '`'): readonly Span[] {
  const spans: Span[] = [];
  let start = -1;
  let quote = '';
  for (let at = 0; at < line.length; at++) {
    const char = line[at] ?? '';
    const blank = char === ' ' || char === '\t' || char === '\n' || char === '\r';
    if (blank && quote === '') {
      if (start !== -1) spans.push({ start, end: at });
      start = -1;
      continue;
    }
    if (start === -1) start = at;
    if (char === escape && quote !== "'") at++;
    else if (quote === char) quote = '';
    else if (quote === '' && (char === '"' || char === "'")) quote = char;
  }
  if (start !== -1) spans.push({ start, end: line.length });
  return spans;
}

/** Removes quotes and expands variables; inside single quotes nothing is expanded. */
export function unquote(raw: string, lookup: VariableLookup, escape: '\\' | '`'): Answer<string> {
  if (!/["'$\\`]/.test(raw)) return known(raw);
  let out = '';
  let pending = '';
  const flush = (): Answer<string> => {
    const expanded = expandVariables(pending, lookup, escape);
    pending = '';
    if (expanded.state === 'known') out += expanded.value;
    return expanded;
  };
  for (let at = 0; at < raw.length; at++) {
    const char = raw[at] ?? '';
    if (char === "'" || char === '"') {
      const close = closingQuote(raw, at, escape);
      const before = flush();
      if (before.state !== 'known') return before;
      const inside = raw.slice(at + 1, close);
      if (char === "'") out += inside;
      else {
        const expanded = expandVariables(inside, lookup, escape);
        if (expanded.state !== 'known') return expanded;
        out += expanded.value;
      }
      at = close;
    } else if (char === escape) {
      pending += char + (raw[++at] ?? '');
    } else {
      pending += char;
    }
  }
  const rest = flush();
  return rest.state === 'known' ? known(out) : rest;
}

function closingQuote(raw: string, open: number, escape: '\\' | '`'): number {
  const quote = raw[open];
  for (let at = open + 1; at < raw.length; at++) {
    if (raw[at] === escape && quote === '"') at++;
    else if (raw[at] === quote) return at;
  }
  return raw.length;
}
