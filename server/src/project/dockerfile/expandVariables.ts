import { type Answer, known, unknown } from '../answer';

/** Value of a build variable at a point of the file; `absent` = nothing in the file sets it. */
export type VariableLookup = (name: string) => Answer<string>;

/**
 * Expands `$NAME`, `${NAME}` and `${NAME:-word}` forms as BuildKit does for instruction arguments. An undeclared
 * variable is unknown, not empty: the base image may set it.
 */
export function expandVariables(text: string, lookup: VariableLookup, escape: '\\' | '`'): Answer<string> {
  let out = '';
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === escape && at + 1 < text.length) {
      out += text[++at];
      continue;
    }
    if (char !== '$') {
      out += char;
      continue;
    }
    const simple = /^[A-Za-z_][A-Za-z0-9_]*/.exec(text.slice(at + 1, at + 129));
    if (simple) {
      const value = lookup(simple[0]);
      if (value.state !== 'known') return unknown;
      out += value.value;
      at += simple[0].length;
      continue;
    }
    if (text[at + 1] !== '{') {
      out += char;
      continue;
    }
    const close = closingBrace(text, at + 2);
    if (close === -1) return unknown;
    const value = expandBraces(text.slice(at + 2, close), lookup, escape);
    if (value.state !== 'known') return unknown;
    out += value.value;
    at = close;
  }
  return known(out);
}

function expandBraces(inside: string, lookup: VariableLookup, escape: '\\' | '`'): Answer<string> {
  const parts = /^([A-Za-z_][A-Za-z0-9_]*)(?:(:?[-+?])([\s\S]*))?$/.exec(inside);
  if (!parts?.[1]) return unknown;
  const [, name, operator, operand = ''] = parts;
  const value = lookup(name);
  if (!operator) return value.state === 'known' ? value : unknown;
  if (value.state === 'unknown') return unknown;
  const isSet = value.state === 'known' && (value.value !== '' || !operator.startsWith(':'));
  if (operator.endsWith('-')) return isSet ? value : expandVariables(operand, lookup, escape);
  if (operator.endsWith('+')) return isSet ? expandVariables(operand, lookup, escape) : known('');
  return isSet ? value : unknown;
}

function closingBrace(text: string, from: number): number {
  let depth = 1;
  for (let at = from; at < text.length; at++) {
    if (text[at] === '{') depth++;
    else if (text[at] === '}' && --depth === 0) return at;
  }
  return -1;
}
