import { known } from '../answer';
import type { ShellWord } from './shellScript';

/** One option as given: `-r file`, `--index-url=URL`, `-y`. */
export interface GivenOption {
  /** With its dashes, without value: `--index-url`, `-r`. */
  readonly name: string;
  readonly word: ShellWord;
  /** The value's own word: the part behind `=` of `--a=b`, the next word for `-r file`. */
  readonly valueWord: ShellWord | undefined;
  /** Undefined when there is no value or it is unknown. */
  readonly value: string | undefined;
}

export interface CommandArguments {
  readonly options: readonly GivenOption[];
  /** Words that are neither options nor their values; words with unknown value are operands. */
  readonly operands: readonly ShellWord[];
}

/** Splits words into options and operands. `takesValue` lists the options that take the next word. */
export function readArguments(
  words: readonly ShellWord[],
  takesValue: ReadonlySet<string>,
): CommandArguments {
  const options: GivenOption[] = [];
  const operands: ShellWord[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as ShellWord;
    const text = word.value.state === 'known' ? word.value.value : word.raw.replace(/^["']/, '');
    if (text === '--') {
      operands.push(...words.slice(at + 1));
      break;
    }
    if (!text.startsWith('-') || text === '-') {
      operands.push(word);
      continue;
    }
    // `--a=b`, and `-q=2` as apt-get takes it.
    const equals = text.startsWith('--') || text[2] === '=' ? text.indexOf('=') : -1;
    if (equals !== -1) {
      const valueWord = tailOf(word, text, equals + 1);
      options.push({ name: text.slice(0, equals), word, valueWord, value: literalOf(valueWord) });
    } else if (takesValue.has(text)) {
      const next = words[++at];
      options.push({ name: text, word, valueWord: next, value: next && literalOf(next) });
    } else if (!text.startsWith('--') && text.length > 2) {
      const found = bundled(word, text, takesValue, words[at + 1]);
      if (found.at(-1)?.valueWord === words[at + 1] && words[at + 1]) at++;
      options.push(...found);
    } else {
      options.push({ name: text, word, valueWord: undefined, value: undefined });
    }
  }
  return { options, operands };
}

/** `-qq`, `-yq`, `-rfile`, `-yt release`: letters bundled behind one dash. */
function bundled(
  word: ShellWord,
  text: string,
  takesValue: ReadonlySet<string>,
  next: ShellWord | undefined,
): readonly GivenOption[] {
  const out: GivenOption[] = [];
  for (let at = 1; at < text.length; at++) {
    const name = `-${text[at]}`;
    if (takesValue.has(name)) {
      const valueWord = at + 1 < text.length ? tailOf(word, text, at + 1) : next;
      out.push({ name, word, valueWord, value: valueWord && literalOf(valueWord) });
      break;
    }
    out.push({ name, word, valueWord: undefined, value: undefined });
  }
  return out;
}

/** The rest of a word from a character of its text on; the whole span where quotes or variables blur the place. */
function tailOf(word: ShellWord, text: string, from: number): ShellWord {
  const exact = word.raw.startsWith(text.slice(0, from));
  return {
    ...word,
    span: exact ? { start: word.span.start + from, end: word.span.end } : word.span,
    raw: exact ? word.raw.slice(from) : word.raw,
    value: word.value.state === 'known' ? known(text.slice(from)) : word.value,
  };
}

/** The word's static value; undefined when unknown. */
export function literalOf(word: ShellWord): string | undefined {
  return word.value.state === 'known' ? word.value.value : undefined;
}
