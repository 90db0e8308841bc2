import type { CommandInstruction, Stage } from '../../project/dockerfile/dockerfile';
import type { Word } from '../../project/dockerfile/word';
import type { ShellWord } from '../../project/shell/shellScript';
import type { Span } from '../../project/span';

/** A word of a start command; its span leaves quotes out. */
export interface StartWord {
  readonly span: Span;
  /** Undefined when unknown. */
  readonly text: string | undefined;
}

/** One program the container starts, with what follows it. */
export interface StartedProgram {
  /** Last path part; `uvicorn` for `python -m uvicorn`. */
  readonly program: string;
  readonly word: StartWord;
  readonly words: readonly StartWord[];
  /** Called as `python -m`. */
  readonly asModule: boolean;
  readonly form: 'exec' | 'shell';
  readonly instruction: CommandInstruction;
}

/** Programs that start the command in their words. */
const inits = new Set(['tini', 'dumb-init', 'catatonit']);

/**
 * What ENTRYPOINT and CMD start, wrappers such as tini and exec followed. Empty where an entrypoint of unknown make
 * comes first: it decides what becomes of the words.
 */
export function startedPrograms(stage: Stage): readonly StartedProgram[] {
  const { entrypoint, cmd } = stage;
  const parts = [entrypoint, cmd].filter((part) => part !== undefined);
  const [first] = parts;
  if (!first) return [];
  if (first.command.script) return fromScript(first);
  const words = (entrypoint && cmd?.command.form === 'shell' ? [first] : parts).flatMap(({ command }) =>
    command.words.map(execWord),
  );
  const started = followed(words, 'exec', cmd && entrypoint ? cmd : first);
  const init = words[0]?.text?.replace(/^.*\//, '') ?? '';
  // tini, then a shell form.
  if (inits.has(init) && entrypoint && cmd?.command.form === 'shell') return [...started, ...fromScript(cmd)];
  return started;
}

function fromScript(instruction: CommandInstruction): readonly StartedProgram[] {
  const commands = instruction.command.script?.commands ?? [];
  return commands
    .filter(({ nested, conditional }) => !nested && !conditional)
    .flatMap(({ wrappers, name, words }) => [
      ...wrappers.flatMap((wrapper) =>
        inits.has(wrapper.raw) || wrapper.raw === 'gosu'
          ? started(shellWord(wrapper), [], 'shell', instruction)
          : [],
      ),
      ...followed([name, ...words].map(shellWord), 'shell', instruction),
    ]);
}

function followed(
  words: readonly StartWord[],
  form: 'exec' | 'shell',
  instruction: CommandInstruction,
): readonly StartedProgram[] {
  const [word, ...rest] = words;
  if (!word?.text) return [];
  const program = word.text.slice(word.text.lastIndexOf('/') + 1);
  if (inits.has(program)) {
    const end = rest.findIndex(({ text }) => text === '--');
    const next =
      end === -1 ? rest.findIndex(({ text }) => text !== undefined && !text.startsWith('-')) : end + 1;
    const then = next === -1 ? [] : followed(rest.slice(next), form, instruction);
    return [...started(word, [], form, instruction), ...then];
  }
  if (program === 'gosu' || program === 'su-exec')
    return [...started(word, [], form, instruction), ...followed(rest.slice(1), form, instruction)];
  const module = /^python[\d.]*$/.test(program) ? rest.findIndex(({ text }) => text === '-m') : -1;
  const named = module === -1 ? undefined : rest[module + 1];
  const flagsOnly = rest.slice(0, Math.max(module, 0)).every(({ text }) => text?.startsWith('-'));
  if (named?.text && flagsOnly)
    return [
      ...started(word, rest, form, instruction),
      { program: named.text, word: named, words: rest.slice(module + 2), asModule: true, form, instruction },
    ];
  return started(word, rest, form, instruction);
}

function started(
  word: StartWord,
  words: readonly StartWord[],
  form: 'exec' | 'shell',
  instruction: CommandInstruction,
): readonly StartedProgram[] {
  const text = word.text ?? '';
  const program = text.slice(text.lastIndexOf('/') + 1);
  return [{ program, word, words, asModule: false, form, instruction }];
}

function execWord({ span, value }: Word): StartWord {
  return {
    span: { start: span.start + 1, end: span.end - 1 },
    text: value.state === 'known' ? value.value : undefined,
  };
}

function shellWord({ span, raw, value }: ShellWord): StartWord {
  const quoted = /^(["']).*\1$/.test(raw) ? 1 : 0;
  return {
    span: { start: span.start + quoted, end: span.end - quoted },
    text: value.state === 'known' ? value.value : undefined,
  };
}
