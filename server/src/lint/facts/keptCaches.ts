import type { Answer } from '../../project/answer';
import type { Mount, RunInstruction } from '../../project/dockerfile/dockerfile';
import { literalOf } from '../../project/shell/commandArguments';
import { type PackageCommand, packageCommand } from '../../project/shell/packageCommand';
import type { ShellCommand } from '../../project/shell/shellScript';
import type { SourceText } from '../../project/sourceText';
import { type CacheOwner, cacheFolders, cacheOwner } from './cacheFolders';
import { type Removal, removalsOf, removalTouches } from './removals';
import { runVariable } from './runVariable';

/** A cache that a RUN writes and does not remove. */
export interface KeptCache {
  readonly owner: CacheOwner;
  /** Where it lies; `~` for the home folder of the user that runs. */
  readonly folder: string;
  /** The commands that fill it, in order; never empty. */
  readonly commands: readonly PackageCommand[];
}

/** The caches a RUN leaves in its layer, one per manager. A cache whose place nobody knows is left out. */
export function keptCaches(run: RunInstruction, source: SourceText): readonly KeptCache[] {
  const removals = removalsOf(run);
  const kept = new Map<CacheOwner, { folder: string; commands: PackageCommand[] }>();
  for (const [at, shellCommand] of run.script.commands.entries()) {
    const command = packageCommand(shellCommand);
    const owner = command && cacheOwner(command);
    if (!command || !owner || !fillsCache(owner, command, run, source)) continue;
    const folders = cacheFolders(owner, command, run, source);
    if (
      folders.state !== 'known' ||
      folders.value.some((folder) => folder === '' || folder.startsWith('/dev/'))
    )
      continue;
    if (run.mounts.some((mount) => mountCovers(mount, folders.value, run.before.workdir))) continue;
    const later = run.script.commands.slice(at + 1);
    if (later.some((other) => cleansCache(owner, other, folders.value))) continue;
    if (removals.some((removal) => removal.at > at && removesCache(removal, owner, folders.value))) continue;
    const entry = kept.get(owner) ?? { folder: folders.value[0] ?? '', commands: [] };
    kept.set(owner, { ...entry, commands: [...entry.commands, command] });
  }
  return [...kept].map(([owner, entry]) => ({ owner, ...entry }));
}

function fillsCache(
  owner: CacheOwner,
  command: PackageCommand,
  run: RunInstruction,
  source: SourceText,
): boolean {
  const { action, options } = command;
  const has = (...names: readonly string[]): boolean => options.some(({ name }) => names.includes(name));
  const isSet = (name: string, counts: (value: string) => boolean): boolean => {
    const value = runVariable(run, command.command, name, source);
    return value.state === 'unknown' || (value.state === 'known' && counts(value.value));
  };
  switch (owner) {
    case 'apt':
      return action === 'update' && !options.some(({ value }) => value?.startsWith('Dir::'));
    case 'apk':
      return (
        ['install', 'update', 'upgrade'].includes(action) &&
        !has('--no-cache', '--no-network', '--root', '-p')
      );
    case 'dnf':
    case 'zypper':
      return ['install', 'update', 'upgrade'].includes(action) && !has('--installroot', '--root', '-R');
    case 'pip':
      return (
        (action === 'install' || action === 'download') &&
        !has('--no-index', '--dry-run') &&
        // optparse takes any unambiguous beginning of an option's name.
        !options.some(({ name }) => name.length > 6 && '--no-cache-dir'.startsWith(name)) &&
        !(has('--no-deps') && command.packages.length === 0 && command.requirementFiles.length === 0) &&
        // Any value turns the cache off, `0` and `off` too (pip, cli/cmdoptions.py, _handle_no_cache_dir).
        !isSet('PIP_NO_CACHE_DIR', (value) => value !== '') &&
        !isSet('PIP_NO_INDEX', (value) => value !== '' && value !== '0') &&
        !isSet('PIP_CONFIG_FILE', () => true)
      );
    case 'uv':
      return (
        action === 'install' &&
        !has('--no-cache', '-n', '--no-cache-dir', '--offline', '--no-index', '--dry-run') &&
        !isSet('UV_NO_CACHE', isTrue) &&
        !isSet('UV_OFFLINE', isTrue)
      );
    case 'poetry':
      return action === 'install' && !has('--no-cache', '--dry-run');
    case 'conda':
      return (action === 'install' || action === 'upgrade') && !has('--dry-run', '-d', '--offline');
    default:
      return action === 'install';
  }
}

/** What clap takes for a true switch in an environment variable. */
function isTrue(value: string): boolean {
  return /^(1|y|yes|t|true|on)$/i.test(value);
}

/** A mount whose target nobody knows may hold the cache. */
function mountCovers(mount: Mount, folders: readonly string[], workdir: Answer<string>): boolean {
  if (mount.type === 'secret' || mount.type === 'ssh') return false;
  const target = mount.options.get('target');
  if (target === undefined) return true;
  const absolute =
    target.startsWith('/') || workdir.state !== 'known' ? target : `${workdir.value}/${target}`;
  return folders.some((folder) => removalTouches(homeless(absolute), homeless(folder)));
}

const markers: Readonly<Record<CacheOwner, RegExp>> = {
  apt: /apt\/lists/,
  apk: /cache\/apk/,
  dnf: /var\/cache/,
  zypper: /var\/cache/,
  pip: /\.cache|cache[/_-]?pip|pip[/_-]?cache/i,
  uv: /\.cache|cache[/_-]?uv|uv[/_-]?cache/i,
  poetry: /\.cache|poetry/i,
  conda: /pkgs/,
  npm: /\.npm|_cacache/,
  yarn: /yarn|\.cache/,
};

/** Variables that hold something else than a cache: a key ring, a scratch folder, a source tree. */
const otherVariables = /^(GNUPGHOME|TMPDIR|te?mp\w*|\w*(build|src|source|work|version|arch)\w*)$/i;

function removesCache(removal: Removal, owner: CacheOwner, folders: readonly string[]): boolean {
  if (markers[owner].test(removal.word.raw) && !removal.word.hasBraces) return true;
  if (removal.path.state !== 'known') {
    const { variables, raw } = removal.word;
    return variables.length > 0 ? !variables.every((name) => otherVariables.test(name)) : /[$`]/.test(raw);
  }
  const { value } = removal.path;
  return folders.some((folder) => removalTouches(homeless(value), homeless(folder)));
}

/** Home folders differ; what lies in their `.cache` does not. */
function homeless(path: string): string {
  return path.replace(/^.*(?=\/\.(?:cache|npm|yarn|conda)(?:\/|$))/, '~');
}

function cleansCache(owner: CacheOwner, command: ShellCommand, folders: readonly string[]): boolean {
  const asked = packageCommand(command);
  if (asked) {
    if (cacheOwner(asked) !== owner || asked.action !== 'clean') return false;
    if (owner === 'apt') return /^dist-?clean$/.test(literalOf(asked.actionWord) ?? '');
    return owner !== 'pip' || command.words.some((word) => /^(purge|remove)$/.test(literalOf(word) ?? ''));
  }
  const text = [command.name, ...command.words].map((word) => word.raw).join(' ');
  if (command.program === 'find' || (command.program === 'rm' && command.wrappers.length > 0))
    return markers[owner].test(text) && / -delete\b| -exec|^rm\b/.test(text);
  if (command.program === 'mv') return folders.some((folder) => text.includes(folder));
  return runsCleanUp(command);
}

/** A script named for cleaning up: what it removes is its own affair. */
function runsCleanUp({ program, words }: ShellCommand): boolean {
  if (program === 'make' || program === 'git' || program === 'cargo' || program === 'cmake') return false;
  const script = /^(ba|da|a|z)?sh$|^(\.|source)$/.test(program) ? (words[0]?.raw ?? '') : program;
  return /clean/i.test(script);
}
