import { type Answer, absent, known, unknown } from '../answer';
import { readArguments } from '../shell/commandArguments';
import type { ShellWord } from '../shell/shellScript';
import type { Span } from '../span';
import {
  actionFlags,
  bakeFlags,
  builderFlags,
  buildFlags,
  composeFlags,
  engineFlags,
  kanikoFlags,
  otherFlags,
  runFlags,
} from './dockerFlags';

/** `docker build`, `docker buildx build`, `podman build`, `buildah bud`, kaniko's executor. */
export interface BuildCommand {
  readonly kind: 'build';
  readonly span: Span;
  /** Folder as written; absent when the build takes none (`-`) or a remote one. */
  readonly context: Answer<string>;
  readonly contextSpan: Span | undefined;
  /** `-f` as written; absent when not given. */
  readonly file: Answer<string>;
  readonly target: Answer<string>;
  readonly tags: readonly Answer<string>[];
  /** Absent value: passed through from the environment. */
  readonly buildArgs: ReadonlyMap<string, Answer<string>>;
  readonly platforms: Answer<readonly string[]>;
  /** Ids of `--secret`. */
  readonly secrets: readonly string[];
  /** Names of `--build-context`. */
  readonly namedContexts: readonly string[];
  readonly pushes: boolean;
}

export interface BakeCommand {
  readonly kind: 'bake';
  readonly span: Span;
  readonly files: readonly string[];
  readonly targets: readonly string[];
}

export interface ComposeCommand {
  readonly kind: 'compose';
  readonly span: Span;
  readonly files: readonly string[];
  readonly projectFolder: string | undefined;
  /** `up`, `build`, `run` ...; undefined when there is none. */
  readonly action: string | undefined;
  readonly services: readonly string[];
}

export interface RunCommand {
  readonly kind: 'run';
  readonly span: Span;
  readonly image: Answer<string>;
  readonly imageSpan: Span | undefined;
  /** Options before the image, by their name with dashes. */
  readonly options: readonly {
    readonly name: string;
    readonly value: string | undefined;
    readonly span: Span;
  }[];
  readonly commandWords: readonly ShellWord[];
}

/** `push`, `pull`, `tag` and `login` with their operands. */
export interface OtherCommand {
  readonly kind: 'push' | 'pull' | 'tag' | 'login';
  readonly span: Span;
  readonly operands: readonly ShellWord[];
  readonly options: readonly {
    readonly name: string;
    readonly value: string | undefined;
    readonly span: Span;
  }[];
}

export type DockerCommand = BuildCommand | BakeCommand | ComposeCommand | RunCommand | OtherCommand;

/** The command in `words` (the program first); undefined when it is none of these. */
export function dockerCommand(words: readonly ShellWord[], span: Span): DockerCommand | undefined {
  const name = literal(words[0]);
  const program = name?.slice(name.lastIndexOf('/') + 1).replace(/\.exe$/, '');
  const rest = words.slice(1);
  switch (program) {
    case 'docker':
    case 'podman':
    case 'nerdctl':
      return engineCommand(skipFlags(rest, engineFlags), span);
    case 'docker-compose':
    case 'podman-compose':
      return composeCommand(rest, span);
    case 'buildah':
      return /^(?:bud|build)$/.test(literal(rest[0]) ?? '') ? buildCommand(rest.slice(1), span) : undefined;
    case 'docker-buildx':
      return engineCommand(rest, span);
    case 'executor':
      return name?.includes('kaniko') ? kanikoCommand(rest, span) : undefined;
    default:
      return undefined;
  }
}

function engineCommand(words: readonly ShellWord[], span: Span): DockerCommand | undefined {
  const rest = words.slice(1);
  switch (literal(words[0])) {
    case 'build':
    case 'b':
      return buildCommand(rest, span);
    case 'buildx':
    case 'builder':
    case 'image':
    case 'container':
      return engineCommand(skipFlags(rest, builderFlags), span);
    case 'bake':
    case 'f':
      return bakeCommand(rest, span);
    case 'compose':
      return composeCommand(rest, span);
    case 'run':
    case 'create':
      return runCommand(rest, span);
    case 'push':
      return otherCommand('push', rest, span);
    case 'pull':
      return otherCommand('pull', rest, span);
    case 'tag':
      return otherCommand('tag', rest, span);
    case 'login':
      return otherCommand('login', rest, span);
    default:
      return undefined;
  }
}

function buildCommand(words: readonly ShellWord[], span: Span): BuildCommand {
  const { options, operands } = readArguments(words, buildFlags);
  const values = (...names: string[]): Answer<string>[] =>
    options
      .filter(({ name }) => names.includes(name))
      .map(({ value }) => (value === undefined ? unknown : known(value)));
  const lastValue = (...names: string[]): Answer<string> => values(...names).at(-1) ?? absent;
  const platforms = lastValue('--platform');
  return {
    kind: 'build',
    span,
    ...contextOf(operands),
    file: lastValue('-f', '--file'),
    target: lastValue('--target'),
    tags: values('-t', '--tag'),
    buildArgs: new Map(values('--build-arg').flatMap(namedValue)),
    platforms: platforms.state === 'known' ? known(platforms.value.split(',')) : platforms,
    secrets: values('--secret').flatMap(secretId),
    namedContexts: values('--build-context').flatMap((value) => namedValue(value).map(([name]) => name)),
    pushes: options.some(
      ({ name, value }) =>
        name === '--push' ||
        (/^(?:-o|--output)$/.test(name) && /\bpush=true\b|\btype=registry\b/.test(value ?? '')),
    ),
  };
}

/** The one operand of a build. None at all is a command somebody left unfinished. */
function contextOf(operands: readonly ShellWord[]): Pick<BuildCommand, 'context' | 'contextSpan'> {
  // `docker build $OPTIONS .`: the variable beside a written folder holds flags.
  const written = operands.filter((word) => literal(word) !== undefined);
  const [word] = written.length === 1 ? written : operands;
  if (!word || (operands.length > 1 && written.length !== 1))
    return { context: unknown, contextSpan: undefined };
  const text = literal(word);
  if (text === undefined) return { context: unknown, contextSpan: word.span };
  const remote = text === '-' || /^(?:https?|git|ssh|oci|docker-image):|^git@|^github\.com\//.test(text);
  return { context: remote ? absent : known(text), contextSpan: word.span };
}

function kanikoCommand(words: readonly ShellWord[], span: Span): BuildCommand {
  const { options } = readArguments(words, kanikoFlags);
  const lastValue = (...names: string[]): Answer<string> => {
    const option = options.findLast(({ name }) => names.includes(name));
    if (!option) return absent;
    return option.value === undefined ? unknown : known(option.value);
  };
  const written = lastValue('-c', '--context');
  const local = written.state === 'known' ? written.value.replace(/^dir:\/\//, '') : undefined;
  return {
    kind: 'build',
    span,
    context: local === undefined ? written : /^\w+:\/\//.test(local) ? absent : known(local),
    contextSpan: undefined,
    file: lastValue('-f', '--dockerfile'),
    target: lastValue('--target'),
    tags: options
      .filter(({ name }) => name === '-d' || name === '--destination')
      .map(({ value }) => (value === undefined ? unknown : known(value))),
    buildArgs: new Map(
      options
        .filter(({ name }) => name === '--build-arg')
        .flatMap(({ value }) => namedValue(value === undefined ? unknown : known(value))),
    ),
    platforms: absent,
    secrets: [],
    namedContexts: [],
    pushes: !options.some(({ name }) => name === '--no-push'),
  };
}

function namedValue(value: Answer<string>): [string, Answer<string>][] {
  if (value.state !== 'known') return [];
  const equals = value.value.indexOf('=');
  if (equals === -1) return [[value.value, absent]];
  return [[value.value.slice(0, equals), known(value.value.slice(equals + 1))]];
}

function secretId(value: Answer<string>): string[] {
  const id = value.state === 'known' ? /(?:^|,)id=([^,]+)/.exec(value.value)?.[1] : undefined;
  return id === undefined ? [] : [id];
}

function bakeCommand(words: readonly ShellWord[], span: Span): BakeCommand {
  const { options, operands } = readArguments(words, bakeFlags);
  return {
    kind: 'bake',
    span,
    files: options
      .filter(({ name }) => name === '-f' || name === '--file')
      .flatMap(({ value }) => value ?? []),
    targets: operands.flatMap((word) => literal(word) ?? []),
  };
}

function composeCommand(words: readonly ShellWord[], span: Span): ComposeCommand {
  const before = flagsBeforeOperand(words, composeFlags);
  const { options } = readArguments(words.slice(0, before), composeFlags);
  const after = readArguments(words.slice(before + 1), actionFlags);
  const last = (name: string): string | undefined =>
    options.findLast((option) => option.name === name)?.value;
  return {
    kind: 'compose',
    span,
    files: options
      .filter(({ name }) => name === '-f' || name === '--file')
      .flatMap(({ value }) => value ?? []),
    projectFolder: last('--project-directory'),
    action: literal(words[before]),
    services: after.operands.flatMap((word) => literal(word) ?? []),
  };
}

function runCommand(words: readonly ShellWord[], span: Span): RunCommand {
  const before = flagsBeforeOperand(words, runFlags);
  const image = words[before];
  return {
    kind: 'run',
    span,
    image: image ? valueOf(image) : absent,
    imageSpan: image?.span,
    options: optionsOf(words.slice(0, before), runFlags),
    commandWords: words.slice(before + 1),
  };
}

function otherCommand(kind: OtherCommand['kind'], words: readonly ShellWord[], span: Span): OtherCommand {
  return {
    kind,
    span,
    operands: readArguments(words, otherFlags).operands,
    options: optionsOf(words, otherFlags),
  };
}

function optionsOf(words: readonly ShellWord[], takesValue: ReadonlySet<string>): OtherCommand['options'] {
  return readArguments(words, takesValue).options.map(({ name, value, word }) => ({
    name,
    value,
    span: word.span,
  }));
}

/** Index of the first word that is neither a flag nor a flag's value: where `run` and `compose` stop reading flags. */
function flagsBeforeOperand(words: readonly ShellWord[], takesValue: ReadonlySet<string>): number {
  let at = 0;
  while (at < words.length) {
    const text = literal(words[at]) ?? words[at]?.raw ?? '';
    if (text === '--') return at + 1;
    if (!text.startsWith('-')) return at;
    const bundleTakesValue = /^-[A-Za-z]+$/.test(text) && takesValue.has(`-${text.at(-1)}`);
    at += takesValue.has(text) || bundleTakesValue ? 2 : 1;
  }
  return words.length;
}

function skipFlags(words: readonly ShellWord[], takesValue: ReadonlySet<string>): readonly ShellWord[] {
  return words.slice(flagsBeforeOperand(words, takesValue));
}

function valueOf(word: ShellWord): Answer<string> {
  return word.value.state === 'known' ? word.value : unknown;
}

function literal(word: ShellWord | undefined): string | undefined {
  return word?.value.state === 'known' ? word.value.value : undefined;
}
