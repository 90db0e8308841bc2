import type { Message } from '../../protocol/message';
import type { Span } from '../span';
import { environmentVariable } from './environmentVariable';
import { type Requirement, type RequirementHash, readRequirement, undecidedRequirement } from './requirement';
import { shortened } from './shortened';

/** A requirements file as pip reads it. Entries are in file order; a line pip refuses is an entry too. */
export interface RequirementsFile {
  readonly entries: readonly RequirementsEntry[];
}

export type RequirementsEntry = RequirementEntry | IncludeEntry | OptionEntry | BadEntry;

export interface RequirementEntry {
  readonly kind: 'requirement';
  readonly requirement: Requirement;
  readonly editable: boolean;
  /** From the first to the last character of the logical line, options included, comment not. */
  readonly span: Span;
}

/** `-r file` or `-c file`. The path is as written: relative to this file, absolute, or a URL. */
export interface IncludeEntry {
  readonly kind: 'include';
  readonly constraint: boolean;
  readonly path: string;
  readonly pathSpan: Span;
  readonly span: Span;
}

export interface OptionEntry {
  readonly kind: 'option';
  readonly name: RequirementsOption;
  /** Empty for a switch. Environment variables are as written. */
  readonly value: string;
  readonly valueSpan: Span;
  readonly span: Span;
}

export interface BadEntry {
  readonly kind: 'bad';
  readonly why: Message;
  /** The text at fault. */
  readonly at: Span;
  readonly name: string | undefined;
  readonly span: Span;
}

export type RequirementsOption =
  | 'index-url'
  | 'extra-index-url'
  | 'no-index'
  | 'find-links'
  | 'no-binary'
  | 'only-binary'
  | 'prefer-binary'
  | 'require-hashes'
  | 'pre'
  | 'trusted-host'
  | 'use-feature'
  | 'global-option'
  | 'config-settings';

type Meaning = RequirementsOption | 'requirement' | 'constraint' | 'editable' | 'hash';

/** Every option pip takes inside a requirements file; those without value are switches. */
const options: ReadonlyMap<string, { readonly meaning: Meaning; readonly value: boolean }> = new Map(
  (
    [
      ['-r', 'requirement', true],
      ['--requirement', 'requirement', true],
      ['--requirements', 'requirement', true],
      ['-c', 'constraint', true],
      ['--constraint', 'constraint', true],
      ['--constraints', 'constraint', true],
      ['-e', 'editable', true],
      ['--editable', 'editable', true],
      ['-i', 'index-url', true],
      ['--index-url', 'index-url', true],
      ['--pypi-url', 'index-url', true],
      ['--extra-index-url', 'extra-index-url', true],
      ['--no-index', 'no-index', false],
      ['-f', 'find-links', true],
      ['--find-links', 'find-links', true],
      ['--no-binary', 'no-binary', true],
      ['--only-binary', 'only-binary', true],
      ['--prefer-binary', 'prefer-binary', false],
      ['--require-hashes', 'require-hashes', false],
      ['--pre', 'pre', false],
      ['--trusted-host', 'trusted-host', true],
      ['--use-feature', 'use-feature', true],
      ['--global-option', 'global-option', true],
      ['--install-option', 'global-option', true],
      ['-C', 'config-settings', true],
      ['--config-setting', 'config-settings', true],
      ['--config-settings', 'config-settings', true],
      ['--hash', 'hash', true],
    ] as const
  ).map(([flag, meaning, value]) => [flag, { meaning, value }]),
);

/** A hundred times the longest line a locker writes; bounds what one regular expression has to chew. */
const longestLine = 1 << 20;

export function readRequirements(text: string): RequirementsFile {
  return { entries: [...entriesOf(text)] };
}

/** Ten times the packages of the largest environments. What follows is kept as one line that cannot be read. */
const mostLines = 20_000;

function* entriesOf(text: string): Generator<RequirementsEntry> {
  let lines = 0;
  for (const { line, offset } of logicalLines(text)) {
    if (++lines > mostLines) {
      const span = { start: offset, end: text.length };
      yield {
        kind: 'bad',
        why: { template: 'The file is too long to be read' },
        at: span,
        name: undefined,
        span,
      };
      return;
    }
    if (line.length <= longestLine) yield* requirementsLine(line, offset);
    else {
      const span = { start: offset, end: offset + line.length };
      yield {
        kind: 'bad',
        why: { template: 'The line is too long to be read' },
        at: span,
        name: undefined,
        span,
      };
    }
  }
}

/**
 * Lines as pip joins them. A joined line has the length of its source: backslash and line end become spaces, so
 * that offsets stay 1:1. Comments are cut.
 */
function* logicalLines(text: string): Generator<{ line: string; offset: number }> {
  const bom = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let parts: string[] = [];
  let from = bom;
  let at = bom;
  while (at <= text.length) {
    const newline = text.indexOf('\n', at);
    const next = newline === -1 ? text.length + 1 : newline + 1;
    const end =
      newline === -1 ? text.length : newline > at && text[newline - 1] === '\r' ? newline - 1 : newline;
    const physical = text.slice(at, end);
    const isComment = /^\s*#/.test(physical);
    if (physical.endsWith('\\') && !isComment) {
      parts.push(physical.slice(0, -1), ' '.repeat(next - end + 1));
    } else {
      if (!isComment) parts.push(withoutComment(physical));
      const line = parts.length === 1 ? (parts[0] ?? '') : parts.join('');
      if (line.trim() !== '') yield { line: withoutComment(line), offset: from };
      parts = [];
      from = next;
    }
    at = next;
  }
  const last = parts.join('');
  if (last.trim() !== '') yield { line: withoutComment(last), offset: from };
}

function withoutComment(line: string): string {
  for (let hash = line.indexOf('#'); hash !== -1; hash = line.indexOf('#', hash + 1)) {
    if (hash === 0 || /\s/.test(line[hash - 1] ?? '')) return line.slice(0, hash);
  }
  return line;
}

interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly open: boolean;
}

/** One logical line of a requirements file; conda takes the same in its pip list. */
export function* requirementsLine(line: string, offset: number): Generator<RequirementsEntry> {
  const start = line.length - line.trimStart().length;
  const span = { start: offset + start, end: offset + line.trimEnd().length };
  // pip splits at spaces only: a tab before an option belongs to the requirement, and fails there.
  const optionAt = line[start] === '-' ? start : line.indexOf(' -', start);
  const head = optionAt === -1 ? line : line.slice(0, optionAt);
  const read = optionsOf(line, optionAt === -1 ? line.length : optionAt, offset);
  if (read.bad) {
    yield { kind: 'bad', why: read.bad.why, at: read.bad.at, name: undefined, span };
    return;
  }
  if (head.trim() !== '') {
    yield requirementEntry(head, offset, read.hashes, false, span);
    return;
  }
  const editable = read.values.find((value) => value.meaning === 'editable');
  if (editable) {
    yield requirementEntry(editable.value, editable.valueSpan.start, [], true, span);
    return;
  }
  for (const { meaning, value, valueSpan, span: optionSpan } of read.values) {
    if (meaning === 'requirement' || meaning === 'constraint') {
      const constraint = meaning === 'constraint';
      yield { kind: 'include', constraint, path: value, pathSpan: valueSpan, span: optionSpan };
    } else if (meaning !== 'editable' && meaning !== 'hash') {
      yield { kind: 'option', name: meaning, value, valueSpan, span: optionSpan };
    }
  }
}

function requirementEntry(
  line: string,
  offset: number,
  hashes: readonly RequirementHash[],
  editable: boolean,
  span: Span,
): RequirementEntry | BadEntry {
  const read = readRequirement(line, offset, { hashes });
  if (!('bad' in read)) return { kind: 'requirement', requirement: read, editable, span };
  if (environmentVariable.test(line)) {
    return { kind: 'requirement', requirement: undecidedRequirement(span), editable, span };
  }
  return { kind: 'bad', why: read.bad, at: read.span, name: read.name, span };
}

interface OptionValue {
  readonly meaning: Meaning;
  readonly value: string;
  readonly valueSpan: Span;
  readonly span: Span;
}

function optionsOf(
  line: string,
  from: number,
  offset: number,
): { values: OptionValue[]; hashes: RequirementHash[]; bad?: { why: Message; at: Span } } {
  const values: OptionValue[] = [];
  const hashes: RequirementHash[] = [];
  const words = wordsOf(line, from);
  const fail = (why: Message, word: Word) => ({
    values,
    hashes,
    bad: { why, at: { start: offset + word.start, end: offset + word.end } },
  });
  for (let index = 0; index < words.length; index++) {
    const word = words[index] as Word;
    if (word.open) return fail({ template: 'The quote is not closed' }, word);
    const { flag, inline } = split(word.text);
    // A word that is no option is ignored by pip once options have begun.
    if (!word.text.startsWith('-')) continue;
    const option = options.get(flag);
    if (!option)
      return fail({ template: 'Unknown option {option}', with: { option: shortened(flag) } }, word);
    const separate = option.value && inline === undefined ? words[++index] : undefined;
    if (option.value && inline === undefined && !separate) {
      return fail({ template: '{option} needs a value', with: { option: shortened(flag) } }, word);
    }
    const value = inline ?? separate?.text ?? '';
    if (separate?.open) return fail({ template: 'The quote is not closed' }, separate);
    const end = offset + (separate ?? word).end;
    const quoted = separate && separate.end - separate.start === value.length + 2 ? 1 : 0;
    const valueSpan = separate
      ? { start: offset + separate.start + quoted, end: end - quoted }
      : { start: Math.max(offset + word.start, end - value.length), end };
    if (option.meaning === 'hash') {
      const [algorithm = '', digest = ''] = value.split(':', 2);
      hashes.push({ algorithm, digest, span: valueSpan });
    }
    values.push({ meaning: option.meaning, value, valueSpan, span: { start: offset + word.start, end } });
  }
  return { values, hashes };
}

/** `--name=value`, `-rvalue`, or the flag alone. */
function split(word: string): { flag: string; inline: string | undefined } {
  if (word.startsWith('--')) {
    const equals = word.indexOf('=');
    return equals === -1
      ? { flag: word, inline: undefined }
      : { flag: word.slice(0, equals), inline: word.slice(equals + 1) };
  }
  return { flag: word.slice(0, 2), inline: word.length > 2 ? word.slice(2) : undefined };
}

/** Words as a POSIX shell splits them, quotes removed. */
function wordsOf(line: string, from: number): Word[] {
  const words: Word[] = [];
  const word = /\s*((?:[^\s"'\\]|\\.?|"(?:[^"\\]|\\.)*(?:"|\\?$)|'[^']*(?:'|$))+)/y;
  word.lastIndex = from;
  for (;;) {
    const start = word.lastIndex;
    const match = word.exec(line);
    if (!match?.[1]) return words;
    const end = start + match[0].length;
    const { text, open } = unquoted(match[1]);
    words.push({ text, start: end - match[1].length, end, open });
  }
}

function unquoted(word: string): { text: string; open: boolean } {
  if (!/["'\\]/.test(word)) return { text: word, open: false };
  let quote = '';
  const parts: string[] = [];
  for (let at = 0; at < word.length; at++) {
    const character = word[at] ?? '';
    if (quote === '' && (character === '"' || character === "'")) quote = character;
    else if (character === quote) quote = '';
    else if (character === '\\' && quote !== "'") parts.push(word[++at] ?? '');
    else parts.push(character);
  }
  return { text: parts.join(''), open: quote !== '' };
}
