import type { CopyInstruction, RunInstruction } from '../../project/dockerfile/dockerfile';
import { modelLoads } from '../../project/python/modelLoads';
import { readPython } from '../../project/python/readPython';
import { literalOf, readArguments } from '../../project/shell/commandArguments';
import type { ShellCommand } from '../../project/shell/shellScript';
import type { SourceText } from '../../project/sourceText';
import type { Span } from '../../project/span';
import { innerSpan } from './innerSpan';

/** A build step that fetches weights which may be others tomorrow. */
export interface ModelDownload {
  /** The words that fetch. */
  readonly span: Span;
  /** Hub name or URL as written. */
  readonly source: string;
  /** `moving`: the newest of a hub. `unchecked`: an address of its own, without a checksum. */
  readonly kind: 'moving' | 'unchecked';
}

/** What a RUN fetches without a revision or a checksum. */
export function* downloadsOfRun(run: RunInstruction, source: SourceText): Generator<ModelDownload> {
  if (run.mounts.some(({ type, options }) => type === 'cache' && holdsModels(options.get('target') ?? '')))
    return;
  const { commands } = run.script;
  const checked = commands.some(({ program, words }) => isChecksum(program, words));
  for (const command of commands) {
    const hub = hubDownload(command) ?? (checksOut(commands) ? undefined : hubClone(command));
    if (hub) yield hub;
    const file = checked ? undefined : fileDownload(command);
    if (file) yield file;
    for (const place of pythonTexts(command, source)) yield* pythonDownload(place);
  }
  const { scriptHeredoc, interpreter } = run;
  if (scriptHeredoc && interpreter.state === 'known' && interpreter.value.startsWith('python'))
    yield* pythonDownload({
      text: source.slice(scriptHeredoc.bodySpan),
      start: scriptHeredoc.bodySpan.start,
      whole: undefined,
    });
}

/** `ADD https://…/model.safetensors` without `--checksum`. */
export function* downloadsOfAdd(copy: CopyInstruction): Generator<ModelDownload> {
  if (!copy.isAdd || copy.flags.some(({ name }) => name === 'checksum')) return;
  for (const word of copy.sources) {
    const url = word.value.state === 'known' ? word.value.value : undefined;
    const kind = url === undefined ? undefined : kindOfUrl(url);
    if (kind && url !== undefined) yield { span: innerSpan(word), source: url, kind };
  }
}

/** Where a cache mount keeps what hub clients download. */
function holdsModels(target: string): boolean {
  return /huggingface|(^|\/)hf(_|-|\/|$)|models?(\/|$)|modelscope|torch(\/|$)|\.cache\/?$/i.test(target);
}

function isChecksum(program: string, words: ShellCommand['words']): boolean {
  return (
    /^(?:sha\d*sum|shasum|md5sum|b2sum|b3sum|cksum)$/.test(program) ||
    words.some(({ raw }) => /checksum|sha256|hexdigest/i.test(raw))
  );
}

const hubValues = new Set([
  '--repo-type',
  '--revision',
  '--include',
  '--exclude',
  '--cache-dir',
  '--local-dir',
  '--token',
  '--max-workers',
  '--local-dir-use-symlinks',
  '--model',
  '--dataset',
  '--local_dir',
  '--cache_dir',
]);

/** `hf download NAME`, `huggingface-cli download NAME`, `modelscope download --model NAME`. */
function hubDownload(command: ShellCommand): ModelDownload | undefined {
  const { program, words, name } = command;
  const [first] = words;
  if (!/^(?:hf|huggingface-cli|modelscope)$/.test(program) || !first || literalOf(first) !== 'download')
    return undefined;
  const { options, operands } = readArguments(words.slice(1), hubValues);
  const option = (wanted: string): string | undefined =>
    options.find((one) => one.name === wanted)?.valueWord?.raw;
  const kind = option('--repo-type')?.replace(/["']/g, '');
  if ((kind !== undefined && kind !== 'model') || option('--dataset') !== undefined) return undefined;
  const revision = options.find((one) => one.name === '--revision');
  const isNewest = revision === undefined || /^(?:main|master)$/.test(revision.value ?? '');
  const source = option('--model') ?? operands[0]?.raw;
  if (!isNewest || source === undefined) return undefined;
  return {
    span: { start: name.span.end - program.length, end: first.span.end },
    source: source.replace(/["']/g, ''),
    kind: 'moving',
  };
}

/** `git clone https://huggingface.co/NAME`, which nothing sets to a commit. */
function hubClone({ program, words, name }: ShellCommand): ModelDownload | undefined {
  const [first] = words;
  if (program !== 'git' || !first || literalOf(first) !== 'clone') return undefined;
  const url = words.map(literalOf).find((word) => word !== undefined && hubHost.test(word));
  const chosen = words.some(({ raw }) => /^(?:-b|--branch|--revision)/.test(raw));
  if (url === undefined || chosen || /\/(?:datasets|spaces)\//.test(url)) return undefined;
  return { span: { start: name.span.start, end: first.span.end }, source: url, kind: 'moving' };
}

function checksOut(commands: readonly ShellCommand[]): boolean {
  return commands.some(
    ({ program, words }) =>
      program === 'git' && words.some(({ raw }) => /^(?:checkout|reset|switch)$/.test(raw)),
  );
}

const hubHost = /^https?:\/\/(?:[\w.-]+@)?(?:huggingface\.co|hf-mirror\.com|(?:www\.)?modelscope\.cn)\//;
const weights = /\.(?:safetensors|onnx|pt|pth|ckpt|gguf|h5|keras|msgpack|tflite)(?:\?|$)/i;

/** `wget URL`, `curl -O URL`, `aria2c URL` of weights. */
function fileDownload({ program, words }: ShellCommand): ModelDownload | undefined {
  if (!/^(?:wget|curl|aria2c)$/.test(program)) return undefined;
  for (const word of words) {
    const url = literalOf(word);
    const kind = url === undefined ? undefined : kindOfUrl(url);
    if (url !== undefined && kind) return { span: innerSpan(word), source: url, kind };
  }
  return undefined;
}

function kindOfUrl(url: string): ModelDownload['kind'] | undefined {
  if (!/^https?:\/\//.test(url)) return undefined;
  const isHub = hubHost.test(url);
  if (isHub && /\/(?:datasets|spaces)\//.test(url)) return undefined;
  if (!weights.test(url) && !(isHub && /\/resolve\/.*\.bin(?:\?|$)/.test(url))) return undefined;
  if (!isHub) return 'unchecked';
  return /\/resolve\/(?:main|master)\//.test(url) ? 'moving' : undefined;
}

interface PythonText {
  readonly text: string;
  /** Offset of its first character. */
  readonly start: number;
  /** The whole word, where quotes inside it blur the places. */
  readonly whole: Span | undefined;
}

/** What `python -c` and `python <<EOF` run. */
function* pythonTexts(command: ShellCommand, source: SourceText): Generator<PythonText> {
  if (!/^python[\d.]*$/.test(command.program)) return;
  const flag = command.words.findIndex((word) => literalOf(word) === '-c');
  const word = flag === -1 ? undefined : command.words[flag + 1];
  const text = word && literalOf(word);
  if (word && text !== undefined) {
    const inner = innerSpan(word);
    const exact = source.slice(inner) === text;
    yield { text, start: inner.start, whole: exact ? undefined : word.span };
  }
  for (const { bodySpan } of command.redirections)
    if (bodySpan) yield { text: source.slice(bodySpan), start: bodySpan.start, whole: undefined };
}

const hubKinds = new Set(['from-pretrained', 'pipeline', 'snapshot', 'hub-file', 'sentence-transformers']);

/** The first load of a text: the others of it mean the same repository nearly always. */
function* pythonDownload({ text, start, whole }: PythonText): Generator<ModelDownload> {
  for (const load of modelLoads(readPython(text))) {
    const { kind, source, sourceKind, revision, isLocalOnly, call } = load;
    if (!hubKinds.has(kind) || source.state !== 'known' || sourceKind !== 'hub') continue;
    const isNewest =
      revision.state === 'absent' || (revision.state === 'known' && /^(main|master)$/.test(revision.value));
    if (!isNewest || isLocalOnly.state !== 'absent') continue;
    const { calleeSpan } = call;
    yield {
      span: whole ?? { start: start + calleeSpan.start, end: start + calleeSpan.end },
      source: source.value,
      kind: 'moving',
    };
    return;
  }
}
