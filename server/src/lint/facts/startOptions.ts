import type { Span } from '../../project/span';
import type { ServerProgram } from '../program';
import type { StartedProgram, StartWord } from './startedPrograms';

/** One option of a start command as given. */
export interface StartOption {
  /** `--host`, without its value. */
  readonly flag: string;
  readonly flagSpan: Span;
  readonly word: StartWord;
  /** The next word for `--port 80`, the same word for `--port=80`; undefined without value. */
  readonly valueWord: StartWord | undefined;
  /** Undefined when unknown. */
  readonly value: string | undefined;
  /** The word before it. */
  readonly previous: StartWord;
  /** Its value stands in the same word. */
  readonly joined: boolean;
}

/** Options with values that people give a server which takes them under another name. */
const valueOptions = new Set(['--host', '--port', '--bind', '-b', '-w', '--workers', '--address']);

/** Splits the words of a start command into options, by what the program's own parser would take for a value. */
export function startOptions(
  { word, words }: StartedProgram,
  program: ServerProgram,
): readonly StartOption[] {
  const options: StartOption[] = [];
  for (let at = 0; at < words.length; at++) {
    const current = words[at] as StartWord;
    const previous = words[at - 1] ?? word;
    const text = current.text;
    if (text === '--') break;
    if (text === undefined || !/^-[-\w]/.test(text) || /^-\d/.test(text)) continue;
    const equals = text.startsWith('--') ? text.indexOf('=') : -1;
    const short = !text.startsWith('--') && text.length > 2;
    const flag = equals !== -1 ? text.slice(0, equals) : short ? text.slice(0, 2) : text;
    const known = program.flags.get(flag);
    const joined = equals !== -1 || short;
    const takesValue = known ? known.takesValue : valueOptions.has(flag);
    const next = !joined && takesValue ? words[at + 1] : undefined;
    if (next) at++;
    options.push({
      flag,
      flagSpan: { start: current.span.start, end: current.span.start + flag.length },
      word: current,
      valueWord: joined ? current : next,
      value: joined ? text.slice(flag.length + (equals === -1 ? 0 : 1)) : next?.text,
      previous,
      joined,
    });
  }
  return options;
}
