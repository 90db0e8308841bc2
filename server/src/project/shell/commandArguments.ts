import type { ShellWord } from './shellScript';

/** One option as given: `-r file`, `--index-url=URL`, `-y`. */
export interface GivenOption {
  /** With its dashes, without value: `--index-url`, `-r`. */
  readonly name: string;
  readonly word: ShellWord;
  /** The word that holds the value: the same word for `--a=b`, the next for `-r file`. */
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
    const text = word.value.state === 'known' ? word.value.value : word.raw;
    if (text === '--') {
      operands.push(...words.slice(at + 1));
      break;
    }
    if (!text.startsWith('-') || text === '-') {
      operands.push(word);
      continue;
    }
    const equals = text.startsWith('--') ? text.indexOf('=') : -1;
    if (equals !== -1) {
      options.push({
        name: text.slice(0, equals),
        word,
        valueWord: word,
        value: known(word) && text.slice(equals + 1),
      });
    } else if (takesValue.has(text)) {
      const next = words[++at];
      options.push({ name: text, word, valueWord: next, value: next && literalOf(next) });
    } else if (!text.startsWith('--') && text.length > 2) {
      options.push(...bundled(word, text, takesValue));
    } else {
      options.push({ name: text, word, valueWord: undefined, value: undefined });
    }
  }
  return { options, operands };
}

/** `-qq`, `-yq`, `-rfile`: letters bundled behind one dash. */
function bundled(word: ShellWord, text: string, takesValue: ReadonlySet<string>): readonly GivenOption[] {
  const out: GivenOption[] = [];
  for (let at = 1; at < text.length; at++) {
    const name = `-${text[at]}`;
    if (takesValue.has(name)) {
      out.push({ name, word, valueWord: word, value: text.slice(at + 1) });
      break;
    }
    out.push({ name, word, valueWord: undefined, value: undefined });
  }
  return out;
}

function known(word: ShellWord): true | undefined {
  return word.value.state === 'known' ? true : undefined;
}

/** The word's static value; undefined when unknown. */
export function literalOf(word: ShellWord): string | undefined {
  return word.value.state === 'known' ? word.value.value : undefined;
}
