import { type Answer, unknown } from '../../project/answer';
import type { CopyInstruction, RunInstruction } from '../../project/dockerfile/dockerfile';
import { literalOf, readArguments } from '../../project/shell/commandArguments';
import { packageCommand } from '../../project/shell/packageCommand';
import type { ShellCommand } from '../../project/shell/shellScript';
import type { Span } from '../../project/span';
import { absolutePath, commandFolders } from './commandFolders';
import { removalCovers, removalsOf } from './removals';

/** A path that an instruction leaves in its layer. */
export interface WrittenPath {
  readonly path: string;
  /** The words that say so. */
  readonly span: Span;
}

/** Paths a COPY or ADD writes: its destination, and in it every source by its last name. */
export function pathsOfCopy(copy: CopyInstruction): readonly WrittenPath[] {
  const target = copy.destination;
  if (!target || target.value.state !== 'known' || copy.onbuild) return [];
  const destination = absolutePath(copy.before.workdir, target.value.value);
  if (destination.state !== 'known') return [];
  const folder = destination.value === '/' ? '' : destination.value;
  const named = copy.sources.flatMap(({ value, span }) => {
    const name = value.state === 'known' ? /([^/]+)\/*$/.exec(value.value)?.[1] : undefined;
    return name === undefined || name === '.' ? [] : [{ path: `${folder}/${name}`, span }];
  });
  return folder === '' ? named : [{ path: destination.value, span: target.span }, ...named];
}

const downloadOptions = new Set([
  '-o',
  '--output',
  '-O',
  '--output-document',
  '-P',
  '--directory-prefix',
  '--output-dir',
]);
const curlValues = new Set([
  '-o',
  '--output',
  '--output-dir',
  '-H',
  '--header',
  '-u',
  '--user',
  '-X',
  '--request',
  '-d',
  '--data',
  '--retry',
  '--retry-delay',
  '-A',
  '--proto',
  '--max-time',
  '-m',
  '-x',
  '--proxy',
  '--connect-timeout',
]);
const wgetValues = new Set([
  '-O',
  '--output-document',
  '-P',
  '--directory-prefix',
  '--header',
  '-t',
  '--tries',
  '-T',
  '--timeout',
  '-U',
  '--user-agent',
]);
const cloneValues = new Set([
  '-b',
  '--branch',
  '--depth',
  '-o',
  '--origin',
  '-c',
  '--config',
  '-j',
  '--jobs',
  '--filter',
  '--reference',
  '--shallow-since',
  '--separate-git-dir',
]);

/** What a RUN downloads or clones and neither removes nor moves itself. */
export function pathsOfRun(run: RunInstruction): readonly WrittenPath[] {
  if (run.onbuild) return [];
  const folders = commandFolders(run);
  const removals = removalsOf(run);
  const { commands } = run.script;
  return commands.flatMap((command, at) => {
    const written = writtenBy(command, folders.get(command) ?? unknown);
    if (written?.path.state !== 'known') return [];
    const path = written.path.value;
    const gone =
      removals.some(
        (removal) =>
          removal.at > at && (removal.path.state !== 'known' || removalCovers(removal.path.value, path)),
      ) ||
      commands
        .slice(at + 1)
        .some(
          ({ program, words }) =>
            program === 'mv' && words.some((word) => path.endsWith(`/${nameOf(word.raw)}`)),
        );
    const mounted = run.mounts.some((mount) => {
      const target = mount.options.get('target');
      return target === undefined || `${path}/`.startsWith(`${target.replace(/\/+$/, '')}/`);
    });
    return gone || mounted ? [] : [{ path, span: written.span }];
  });
}

function nameOf(raw: string): string {
  return raw.replace(/["']/g, '').replace(/\/+$/, '').split('/').at(-1) ?? '';
}

function writtenBy(
  command: ShellCommand,
  folder: Answer<string>,
): { path: Answer<string>; span: Span } | undefined {
  const { program, words } = command;
  const at = (path: string | undefined): { path: Answer<string>; span: Span } => ({
    path: path === undefined ? unknown : absolutePath(folder, path),
    span: command.span,
  });
  if (program === 'git' && words[0] && literalOf(words[0]) === 'clone') {
    const [url, target] = readArguments(words.slice(1), cloneValues).operands;
    if (target) return at(literalOf(target));
    const address = url && literalOf(url);
    return at(address && lastName(address)?.replace(/\.git$/, ''));
  }
  if (program === 'curl' || program === 'wget') return at(downloaded(program, command));
  const asked = packageCommand(command);
  if (asked?.manager !== 'pip' || asked.action !== 'download') return undefined;
  return at(asked.options.find(({ name }) => /^(-w|--wheel-dir|-d|--dest)$/.test(name))?.value);
}

/** The file a download leaves; undefined for one to standard output or with an unknown name. */
function downloaded(program: string, { words }: ShellCommand): string | undefined {
  const isCurl = program === 'curl';
  const { options, operands } = readArguments(words, isCurl ? curlValues : wgetValues);
  const valueOf = (...names: readonly string[]): string | undefined =>
    options.find(({ name }) => names.includes(name) && downloadOptions.has(name))?.value;
  const folder = isCurl ? valueOf('--output-dir') : valueOf('-P', '--directory-prefix');
  const given = isCurl ? valueOf('-o', '--output') : valueOf('-O', '--output-document');
  if (given === '-' || given?.startsWith('/dev/')) return undefined;
  const asked = options.some(
    ({ name }) => name === (isCurl ? '-o' : '-O') || name === (isCurl ? '--output' : '--output-document'),
  );
  const keepsName = isCurl ? options.some(({ name }) => name === '-O' || name === '--remote-name') : !asked;
  const address = operands.map(literalOf).find((text) => text !== undefined && /^[a-z]+:\/\//.test(text));
  const name = given ?? (keepsName && !asked && address !== undefined ? lastName(address) : undefined);
  return name === undefined || folder === undefined || name.startsWith('/') ? name : `${folder}/${name}`;
}

function lastName(address: string): string | undefined {
  return /\/([^/?#]+)\/?(?:[?#].*)?$/.exec(address)?.[1];
}
