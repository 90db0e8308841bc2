import { type Answer, absent, known, unknown } from '../answer';
import { parseShell } from '../shell/parseShell';
import type { ShellScript } from '../shell/shellScript';
import type { SourceText } from '../sourceText';
import type { Span } from '../span';
import type {
  AssignmentInstruction,
  CopyInstruction,
  FromInstruction,
  HealthcheckInstruction,
  Instruction,
  RunInstruction,
  StageState,
  StartCommand,
  WordsInstruction,
} from './dockerfile';
import { isPosixLike, shebangInterpreter, shellInterpreter } from './interpreter';
import { readJsonForm } from './jsonForm';
import { logicalText } from './logicalText';
import { readFlags } from './readFlags';
import { readMount } from './readMount';
import type { InstructionPiece } from './splitInstructions';
import { splitWords, unquote } from './splitWords';
import { variableIn } from './stageState';
import type { Word } from './word';

type Variables = (name: string) => Answer<string>;

/** Everything one instruction's reading needs. */
interface Reading {
  readonly source: SourceText;
  readonly piece: InstructionPiece;
  readonly escape: '\\' | '`';
  readonly state: StageState;
  readonly lookup: Variables;
  /** The arguments after the flags as one logical line, here-document bodies cut off. */
  readonly line: string;
  /** Offset of `line` in the file. */
  readonly offset: number;
  readonly base: Pick<
    Instruction,
    'keyword' | 'span' | 'keywordSpan' | 'argumentsSpan' | 'flags' | 'heredocs' | 'onbuild' | 'before'
  >;
}

/** Reads the words of one instruction in the state before it. */
export function readInstruction(
  source: SourceText,
  piece: InstructionPiece,
  escape: '\\' | '`',
  state: StageState,
  globalArgs: ReadonlyMap<string, Answer<string>>,
): Instruction {
  const onbuild = piece.keyword === 'ONBUILD';
  const actual = onbuild ? triggerPiece(source, piece, escape) : piece;
  const inStage = variableIn(state);
  const lookup: Variables = actual.keyword === 'FROM' ? (name) => globalArgs.get(name) ?? unknown : inStage;
  const argumentEnd = endOfLogicalLine(source, actual);
  const whole = logicalText(source, { start: actual.argumentsSpan.start, end: argumentEnd }, escape);
  const { flags, rest } = readFlags(whole, actual.argumentsSpan.start, lookup, escape);
  const reading: Reading = {
    source,
    piece: actual,
    escape,
    state,
    lookup,
    line: whole.slice(rest - actual.argumentsSpan.start),
    offset: rest,
    base: {
      keyword: actual.keyword,
      span: piece.span,
      keywordSpan: actual.keywordSpan,
      argumentsSpan: actual.argumentsSpan,
      flags,
      heredocs: actual.heredocs,
      onbuild,
      before: state,
    },
  };
  switch (actual.keyword) {
    case 'FROM':
      return from(reading);
    case 'RUN':
      return run(reading);
    case 'COPY':
    case 'ADD':
      return copy(reading);
    case 'CMD':
    case 'ENTRYPOINT':
      return {
        ...reading.base,
        kind: 'command',
        command: startCommand(reading, reading.line, reading.offset),
      };
    case 'HEALTHCHECK':
      return healthcheck(reading);
    case 'ENV':
    case 'ARG':
    case 'LABEL':
      return assignments(reading);
    default:
      return words(reading);
  }
}

function triggerPiece(source: SourceText, piece: InstructionPiece, escape: '\\' | '`'): InstructionPiece {
  const text = logicalText(source, piece.argumentsSpan, escape);
  const match = /^\s*([A-Za-z]+)/.exec(text);
  if (!match?.[1]) return piece;
  const end = piece.argumentsSpan.start + match[0].length;
  return {
    ...piece,
    keyword: match[1].toUpperCase(),
    keywordSpan: { start: end - match[1].length, end },
    argumentsSpan: { start: end, end: piece.argumentsSpan.end },
  };
}

function endOfLogicalLine(source: SourceText, piece: InstructionPiece): number {
  const last = piece.heredocs.at(-1);
  if (!last) return piece.argumentsSpan.end;
  const lineEnd = source.text.indexOf('\n', last.operatorSpan.end);
  const end = lineEnd === -1 || lineEnd > piece.argumentsSpan.end ? piece.argumentsSpan.end : lineEnd;
  return source.text[end - 1] === '\r' ? end - 1 : end;
}

function from({ line, offset, lookup, escape, base }: Reading): FromInstruction {
  const found = splitWords(
    line.replace(/\s#.*$/, (comment) => ' '.repeat(comment.length)),
    offset,
    lookup,
    escape,
  );
  const named = found[1]?.raw.toUpperCase() === 'AS';
  return { ...base, kind: 'from', imageWord: found[0], nameWord: named ? found[2] : undefined };
}

function copy({ line, offset, lookup, escape, base }: Reading): CopyInstruction {
  const all = readJsonForm(line, offset) ?? splitWords(line, offset, lookup, escape);
  return {
    ...base,
    kind: 'copy',
    isAdd: base.keyword === 'ADD',
    sources: all.slice(0, -1).filter((word) => !word.raw.startsWith('<<')),
    destination: all.length > 1 ? all.at(-1) : undefined,
    from: base.flags.find((flag) => flag.name === 'from'),
  };
}

function words({ line, offset, lookup, escape, base }: Reading): WordsInstruction {
  const json = base.keyword === 'SHELL' || base.keyword === 'VOLUME' ? readJsonForm(line, offset) : undefined;
  return {
    ...base,
    kind: 'words',
    form: json ? 'exec' : 'shell',
    words: json ?? splitWords(line, offset, lookup, escape),
  };
}

function healthcheck(reading: Reading): HealthcheckInstruction {
  const { line, offset, base } = reading;
  const match = /^\s*(CMD|NONE)\b/i.exec(line);
  if (!match || match[1]?.toUpperCase() === 'NONE')
    return { ...base, kind: 'healthcheck', command: undefined };
  const command = startCommand(reading, line.slice(match[0].length), offset + match[0].length);
  return { ...base, kind: 'healthcheck', command };
}

function startCommand(reading: Reading, line: string, offset: number): StartCommand {
  const span = trimmedSpan(line, offset);
  const json = readJsonForm(line, offset);
  if (json) return { form: 'exec', span, words: json, script: scriptOfExec(json) };
  const script = parseShell(line, offset, runtimeVariables(reading.state));
  return { form: 'shell', span, words: splitWords(line, offset, reading.lookup, reading.escape), script };
}

/** What the shell sees when the container runs: ENV only; ARG is gone. */
function runtimeVariables(state: StageState): Variables {
  return (name) => state.env.get(name) ?? absent;
}

/** `["sh", "-c", "text"]`: the text as a script, where its offsets are 1:1. */
function scriptOfExec(json: readonly Word[]): ShellScript | undefined {
  const [program, flag, text] = json;
  if (program?.value.state !== 'known' || !/(^|\/)(ba|da|a|z)?sh$/.test(program.value.value))
    return undefined;
  if (
    flag?.value.state !== 'known' ||
    !/^-[a-z]*c[a-z]*$/.test(flag.value.value) ||
    !text ||
    text.raw.includes('\\')
  )
    return undefined;
  return parseShell(text.raw.slice(1, -1), text.span.start + 1, () => absent);
}

function run(reading: Reading): RunInstruction {
  const { source, piece, line, offset, state, base, escape } = reading;
  const mounts = base.flags
    .filter((flag) => flag.name === 'mount')
    .map((flag) => readMount(flag, flag.valueSpan ? logicalText(source, flag.valueSpan, escape) : ''));
  const json = readJsonForm(line, offset);
  if (json) {
    const script = scriptOfExec(json) ?? execScript(json);
    return {
      ...base,
      kind: 'run',
      mounts,
      form: 'exec',
      execWords: json,
      interpreter: unknown,
      script,
      scriptHeredoc: undefined,
    };
  }
  const scriptHeredoc = /^\s*<<-?\s*["']?[\w.-]+["']?\s*$/.test(line) ? piece.heredocs[0] : undefined;
  const shell = shellInterpreter(state);
  const span = scriptHeredoc ? scriptHeredoc.bodySpan : { start: offset, end: piece.argumentsSpan.end };
  const text = scriptHeredoc ? source.slice(span) : line + source.text.slice(offset + line.length, span.end);
  const shebang = scriptHeredoc ? shebangInterpreter(text) : undefined;
  const interpreter: Answer<string> = shebang === undefined ? shell : known(shebang);
  const readable = interpreter.state === 'known' && isPosixLike(interpreter.value);
  const script = parseShell(readable ? text : '', span.start, shellVariables(state));
  return { ...base, kind: 'run', mounts, form: 'shell', execWords: [], interpreter, script, scriptHeredoc };
}

/** What a RUN's shell sees: ENV and ARG. A name nobody set is absent: the base image or the builder may set it. */
function shellVariables(state: StageState): Variables {
  return (name) => state.env.get(name) ?? state.args.get(name) ?? absent;
}

/** `["pip", "install", "x"]` as a one-command script, so that rules need not care for the form. */
function execScript(json: readonly Word[]): ShellScript {
  const [first, ...rest] = json;
  const start = first?.span.start ?? 0;
  const end = json.at(-1)?.span.end ?? start;
  const toShell = (word: Word) => ({
    span: word.span,
    raw: word.raw,
    value: word.value,
    hasGlob: false,
    hasBraces: false,
    variables: [],
  });
  const program =
    first?.value.state === 'known' ? first.value.value.slice(first.value.value.lastIndexOf('/') + 1) : '';
  const commands = first
    ? [
        {
          span: { start, end },
          name: toShell(first),
          program,
          words: rest.map(toShell),
          wrappers: [],
          assignments: [],
          redirections: [],
          connector: 'first' as const,
          pipesInto: false,
          conditional: false,
          nested: false,
          statement: 0,
        },
      ]
    : [];
  return {
    span: { start, end },
    commands,
    bashisms: [],
    syntaxError: undefined,
    errexitFrom: undefined,
    statements: commands.length,
  };
}

function assignments(reading: Reading): AssignmentInstruction {
  const { line, offset, lookup, escape, base } = reading;
  const found = splitWords(line, offset, lookup, escape);
  const [first] = found;
  if (base.keyword !== 'ARG' && first && !first.raw.includes('='))
    return { ...base, kind: 'assignment', assignments: legacyAssignment(reading, found) };
  return {
    ...base,
    kind: 'assignment',
    assignments: found.map((word) => {
      const equals = word.raw.indexOf('=');
      const name = equals === -1 ? word.raw : word.raw.slice(0, equals);
      const rawValue = equals === -1 ? '' : word.raw.slice(equals + 1);
      return {
        name: name.replace(/^(["'])(.*)\1$/, '$2'),
        nameSpan: { start: word.span.start, end: word.span.start + name.length },
        valueSpan: equals === -1 ? undefined : { start: word.span.start + equals + 1, end: word.span.end },
        value: equals === -1 ? absent : unquote(rawValue, lookup, escape),
        rawValue,
        span: word.span,
      };
    }),
  };
}

/** `ENV NAME rest of the line`. */
function legacyAssignment(
  { line, offset, lookup, escape }: Reading,
  found: readonly Word[],
): AssignmentInstruction['assignments'] {
  const [name, value] = found;
  if (!name) return [];
  const end = offset + line.trimEnd().length;
  const rawValue = value ? line.slice(value.span.start - offset, end - offset) : '';
  return [
    {
      name: name.raw,
      nameSpan: name.span,
      valueSpan: value && { start: value.span.start, end },
      value: unquote(rawValue, lookup, escape),
      rawValue,
      span: { start: name.span.start, end },
    },
  ];
}

function trimmedSpan(line: string, offset: number): Span {
  const start = line.length - line.trimStart().length;
  return { start: offset + start, end: offset + line.trimEnd().length };
}
