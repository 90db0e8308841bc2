import { type Answer, absent, known, unknown } from '../../project/answer';
import type { RunInstruction } from '../../project/dockerfile/dockerfile';
import type { PackageCommand } from '../../project/shell/packageCommand';
import type { SourceText } from '../../project/sourceText';
import { runVariable } from './runVariable';

/** Package managers that keep something in the image by themselves. */
export type CacheOwner =
  | 'apt'
  | 'apk'
  | 'dnf'
  | 'zypper'
  | 'pip'
  | 'uv'
  | 'poetry'
  | 'conda'
  | 'npm'
  | 'yarn';

/** Undefined for managers whose cache is small or unknown to us. */
export function cacheOwner({ manager, program }: PackageCommand): CacheOwner | undefined {
  if (manager === 'npm') return program === 'npm' || program === 'yarn' ? program : undefined;
  return manager === 'pacman' || manager === 'pdm' || manager === 'pipenv' ? undefined : manager;
}

interface CachePlace {
  /** Folders where a standard image has it; `~` is the home of the user that runs the command. */
  readonly folders: readonly string[];
  /** Variables that move it, the first one wins; `/name` is appended to the second kind. */
  readonly variable?: string;
  readonly underXdg?: string;
}

/** Each manager's documentation; apt lists, not archives: docker-clean of the official images removes those. */
const places: Readonly<Record<CacheOwner, CachePlace>> = {
  apt: { folders: ['/var/lib/apt/lists'] },
  apk: { folders: ['/var/cache/apk', '/etc/apk/cache'] },
  dnf: { folders: ['/var/cache/dnf', '/var/cache/yum', '/var/cache/libdnf5', '/var/cache/tdnf'] },
  zypper: { folders: ['/var/cache/zypp'] },
  pip: { folders: ['~/.cache/pip'], variable: 'PIP_CACHE_DIR', underXdg: 'pip' },
  uv: { folders: ['~/.cache/uv'], variable: 'UV_CACHE_DIR', underXdg: 'uv' },
  poetry: { folders: ['~/.cache/pypoetry'], variable: 'POETRY_CACHE_DIR', underXdg: 'pypoetry' },
  conda: { folders: ['/opt/conda/pkgs'], variable: 'CONDA_PKGS_DIRS' },
  npm: { folders: ['~/.npm'], variable: 'npm_config_cache' },
  yarn: {
    folders: ['/usr/local/share/.cache/yarn', '~/.cache/yarn', '~/.yarn'],
    variable: 'YARN_CACHE_FOLDER',
  },
};

/** Where a command keeps its cache; the first folder is the one to name. Unknown when a variable hides it. */
export function cacheFolders(
  owner: CacheOwner,
  command: PackageCommand,
  run: RunInstruction,
  source: SourceText,
): Answer<readonly string[]> {
  const place = places[owner];
  const option = command.options.find(({ name }) => name === '--cache-dir' || name === '--cache');
  if (option) return option.value === undefined ? unknown : known([option.value]);
  const valueOf = (name: string): Answer<string> => runVariable(run, command.command, name, source);
  const moved = place.variable === undefined ? absent : valueOf(place.variable);
  if (moved.state !== 'absent') return moved.state === 'known' ? known([moved.value]) : unknown;
  const home = valueOf('HOME');
  if (place.underXdg !== undefined) {
    const xdg = valueOf('XDG_CACHE_HOME');
    if (xdg.state === 'unknown') return unknown;
    if (xdg.state === 'known' && xdg.value !== '') return known([`${xdg.value}/${place.underXdg}`]);
  }
  if (home.state !== 'known') return known(place.folders);
  return known([...place.folders.map((folder) => folder.replace(/^~/, home.value)), ...place.folders]);
}
