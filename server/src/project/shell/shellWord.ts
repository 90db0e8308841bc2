import type { Word as AstWord, WordPart } from 'unbash';
import { type Answer, known, unknown } from '../answer';
import type { ShellWord } from './shellScript';

/** Value of a shell variable where the word stands; absent and unknown both leave a word unknown. */
export type ShellLookup = (name: string) => Answer<string>;

/** A word of unbash's tree with its static value. `offset` moves positions into the file. */
export function shellWord(word: AstWord, offset: number, lookup: ShellLookup): ShellWord {
  const parts = word.parts ?? [];
  const variables: string[] = [];
  for (const part of parts) collectVariables(part, variables);
  return {
    span: { start: offset + word.pos, end: offset + word.end },
    raw: word.text,
    value: parts.length === 0 ? known(word.value) : joined(parts, lookup),
    hasGlob:
      parts.some((part) => part.type === 'Glob' || part.type === 'ExtendedGlob') ||
      (parts.length === 0 && /[*?]/.test(word.text) && word.text === word.value),
    hasBraces: parts.some((part) => part.type === 'BraceExpansion'),
    variables,
  };
}

function joined(parts: readonly WordPart[], lookup: ShellLookup): Answer<string> {
  let text = '';
  for (const part of parts) {
    const value = partValue(part, lookup);
    if (value.state !== 'known') return unknown;
    text += value.value;
  }
  return known(text);
}

function partValue(part: WordPart, lookup: ShellLookup): Answer<string> {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return known(part.value);
    case 'DoubleQuoted':
    case 'LocaleString':
      return joined(part.parts, lookup);
    case 'Glob':
    case 'ExtendedGlob':
    case 'BraceExpansion':
      return known(part.text);
    case 'SimpleExpansion':
      return orUnknown(lookup(part.text.slice(1)));
    case 'ParameterExpansion': {
      if (part.prefix || part.index) return unknown;
      const value = lookup(part.parameter);
      if (!part.operation) return orUnknown(value);
      if (part.operation.type !== 'Default') return unknown;
      const { operator, operand } = part.operation;
      if (value.state === 'known' && value.value !== '' && !operator.endsWith('+')) return value;
      if (value.state === 'absent' && operator.endsWith('-')) return shellWord(operand, 0, lookup).value;
      return unknown;
    }
    default:
      return unknown;
  }
}

function orUnknown(value: Answer<string>): Answer<string> {
  return value.state === 'known' ? value : unknown;
}

function collectVariables(part: WordPart, into: string[]): void {
  if (part.type === 'SimpleExpansion') into.push(part.text.slice(1));
  else if (part.type === 'ParameterExpansion') into.push(part.parameter);
  else if (part.type === 'DoubleQuoted' || part.type === 'LocaleString')
    for (const child of part.parts) collectVariables(child, into);
}
