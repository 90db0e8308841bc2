import { type GivenOption, literalOf, readArguments } from './commandArguments';
import type { ShellCommand, ShellWord } from './shellScript';

export type PackageManager =
  | 'apt'
  | 'apk'
  | 'dnf'
  | 'zypper'
  | 'pacman'
  | 'pip'
  | 'uv'
  | 'conda'
  | 'poetry'
  | 'pdm'
  | 'pipenv'
  | 'npm';

export type PackageAction = 'install' | 'update' | 'upgrade' | 'remove' | 'clean' | 'download' | 'other';

/** What one command asks a package manager to do. */
export interface PackageCommand {
  readonly manager: PackageManager;
  /** Program as called: `apt-get`, `pip3`, `micromamba`. */
  readonly program: string;
  readonly action: PackageAction;
  /** The word that names the action (`install`); the program's word when there is none. */
  readonly actionWord: ShellWord;
  readonly options: readonly GivenOption[];
  /** Packages named on the command line, not files or folders. */
  readonly packages: readonly ShellWord[];
  /** Files named by `-r`, `-c`, `--requirement`, `-f environment.yml`. */
  readonly requirementFiles: readonly ShellWord[];
  /** Local projects, wheels and archives named as operands: `.`, `./pkg`, `/wheels/*.whl`. */
  readonly localSources: readonly ShellWord[];
  readonly command: ShellCommand;
}

interface ManagerGrammar {
  readonly manager: PackageManager;
  readonly actions: Readonly<Record<string, PackageAction>>;
  readonly takesValue: ReadonlySet<string>;
}

const apt: ManagerGrammar = {
  manager: 'apt',
  actions: {
    install: 'install',
    reinstall: 'install',
    'build-dep': 'install',
    update: 'update',
    upgrade: 'upgrade',
    'dist-upgrade': 'upgrade',
    'full-upgrade': 'upgrade',
    remove: 'remove',
    purge: 'remove',
    autoremove: 'remove',
    clean: 'clean',
    autoclean: 'clean',
    'dist-clean': 'clean',
    distclean: 'clean',
    download: 'download',
  },
  takesValue: new Set([
    '-o',
    '-t',
    '-c',
    '--option',
    '--target-release',
    '--default-release',
    '--config-file',
    '-a',
    '--host-architecture',
  ]),
};
const apk: ManagerGrammar = {
  manager: 'apk',
  actions: {
    add: 'install',
    update: 'update',
    upgrade: 'upgrade',
    del: 'remove',
    cache: 'clean',
    fetch: 'download',
  },
  takesValue: new Set([
    '-t',
    '--virtual',
    '-X',
    '--repository',
    '-p',
    '--root',
    '--keys-dir',
    '--repositories-file',
    '--arch',
    '--cache-dir',
    '--wait',
  ]),
};
const dnf: ManagerGrammar = {
  manager: 'dnf',
  actions: {
    install: 'install',
    groupinstall: 'install',
    reinstall: 'install',
    localinstall: 'install',
    update: 'upgrade',
    upgrade: 'upgrade',
    makecache: 'update',
    remove: 'remove',
    erase: 'remove',
    autoremove: 'remove',
    clean: 'clean',
    'group-install': 'install',
    'module-install': 'install',
  },
  takesValue: new Set([
    '-c',
    '-d',
    '-e',
    '-x',
    '--exclude',
    '--enablerepo',
    '--disablerepo',
    '--repo',
    '--repoid',
    '--installroot',
    '--releasever',
    '--setopt',
    '--advisory',
    '--comment',
    '--destdir',
    '--downloaddir',
    '--forcearch',
    '--repofrompath',
  ]),
};
const zypper: ManagerGrammar = {
  manager: 'zypper',
  actions: {
    install: 'install',
    in: 'install',
    refresh: 'update',
    ref: 'update',
    update: 'upgrade',
    up: 'upgrade',
    dup: 'upgrade',
    remove: 'remove',
    rm: 'remove',
    clean: 'clean',
    cc: 'clean',
  },
  takesValue: new Set(['-r', '--repo', '--from', '-t', '--type', '-R', '--root']),
};
const pacman: ManagerGrammar = {
  manager: 'pacman',
  actions: {},
  takesValue: new Set(['--root', '--config']),
};
const pipTakesValue = new Set([
  '-r',
  '--requirement',
  '-c',
  '--constraint',
  '-e',
  '--editable',
  '-t',
  '--target',
  '--platform',
  '--python-version',
  '--implementation',
  '--abi',
  '--root',
  '--prefix',
  '--src',
  '-i',
  '--index-url',
  '--extra-index-url',
  '-f',
  '--find-links',
  '--no-binary',
  '--only-binary',
  '--progress-bar',
  '--report',
  '--proxy',
  '--retries',
  '--timeout',
  '--trusted-host',
  '--cert',
  '--client-cert',
  '--cache-dir',
  '--log',
  '--exists-action',
  '-w',
  '--wheel-dir',
  '-d',
  '--dest',
  '--upgrade-strategy',
  '--config-settings',
  '-C',
  '--global-option',
  '--python',
  '--use-feature',
  '--use-deprecated',
  '--build-constraint',
  '--group',
  '--keyring-provider',
  '--root-user-action',
  '--only-deps',
  '--uploaded-prior-to',
]);
const pip: ManagerGrammar = {
  manager: 'pip',
  actions: {
    install: 'install',
    uninstall: 'remove',
    wheel: 'download',
    download: 'download',
    cache: 'clean',
  },
  takesValue: pipTakesValue,
};
const uv: ManagerGrammar = {
  manager: 'uv',
  actions: {
    install: 'install',
    sync: 'install',
    add: 'install',
    uninstall: 'remove',
    remove: 'remove',
    'pip-install': 'install',
    'pip-sync': 'install',
    'pip-uninstall': 'remove',
    'tool-install': 'install',
    'cache-clean': 'clean',
    'cache-prune': 'clean',
  },
  takesValue: new Set([
    ...pipTakesValue,
    '--index',
    '--default-index',
    '--extra',
    '--group',
    '--only-group',
    '--no-group',
    '--package',
    '--index-strategy',
    '--torch-backend',
    '--python-platform',
    '--link-mode',
    '--resolution',
    '--prerelease',
    '--exclude-newer',
    '-p',
    '--project',
    '--directory',
    '--no-install-package',
    '--overrides',
    '--override',
    '--constraints',
    '--requirements',
    '--with',
    '--with-requirements',
    '--with-editable',
    '-w',
    '--exclude',
    '--excludes',
    '--no-extra',
    '-P',
    '--upgrade-package',
    '--reinstall-package',
    '--refresh-package',
    '--no-build-package',
    '--no-binary-package',
    '--no-build-isolation-package',
    '--no-sources-package',
    '-b',
    '--build-constraints',
    '--config-file',
    '--config-setting',
    '--config-settings-package',
    '--exclude-newer-package',
    '--fork-strategy',
    '--allow-insecure-host',
    '--color',
    '--script',
    '--bounds',
    '--branch',
    '--tag',
    '--rev',
    '--marker',
  ]),
};
const conda: ManagerGrammar = {
  manager: 'conda',
  actions: {
    install: 'install',
    create: 'install',
    'env-create': 'install',
    'env-update': 'install',
    update: 'upgrade',
    upgrade: 'upgrade',
    remove: 'remove',
    uninstall: 'remove',
    clean: 'clean',
  },
  takesValue: new Set([
    '-n',
    '--name',
    '-p',
    '--prefix',
    '-c',
    '--channel',
    '-f',
    '--file',
    '--solver',
    '--platform',
    '--subdir',
    '--channel-priority',
    '--clone',
    '--revision',
    '--experimental-solver',
  ]),
};
const poetry: ManagerGrammar = {
  manager: 'poetry',
  actions: { install: 'install', add: 'install', sync: 'install', 'cache-clear': 'clean', remove: 'remove' },
  takesValue: new Set([
    '-C',
    '--directory',
    '-P',
    '--project',
    '--with',
    '--without',
    '--only',
    '-E',
    '--extras',
    '-G',
    '--group',
    '--source',
  ]),
};
const pdm: ManagerGrammar = {
  manager: 'pdm',
  actions: { install: 'install', sync: 'install', add: 'install', 'cache-clear': 'clean' },
  takesValue: new Set(['-p', '--project', '-G', '--group']),
};
const pipenv: ManagerGrammar = {
  manager: 'pipenv',
  actions: { install: 'install', sync: 'install' },
  takesValue: new Set(['--python', '-r', '--requirements', '--categories', '-i', '--index']),
};
const npm: ManagerGrammar = {
  manager: 'npm',
  actions: { install: 'install', i: 'install', ci: 'install', add: 'install', cache: 'clean' },
  takesValue: new Set(['--registry', '--prefix', '--omit', '--only', '--cache']),
};

const byProgram: Readonly<Record<string, ManagerGrammar>> = {
  'apt-get': apt,
  apt,
  aptitude: apt,
  apk,
  dnf,
  dnf5: dnf,
  yum: dnf,
  microdnf: dnf,
  tdnf: dnf,
  zypper,
  pacman,
  uv,
  conda,
  mamba: conda,
  micromamba: conda,
  poetry,
  pdm,
  pipenv,
  npm,
  yarn: npm,
  pnpm: npm,
};

/** Two-word actions: `uv pip install`, `conda env create`. */
const groupWords: Readonly<Record<string, readonly string[]>> = {
  uv: ['pip', 'tool', 'cache'],
  conda: ['env'],
  dnf: ['group', 'module'],
  poetry: ['cache'],
  pdm: ['cache'],
};

const read = new WeakMap<ShellCommand, { readonly asked: PackageCommand | undefined }>();

/** Reads a command as a package manager's; undefined for any other program. Many rules ask for the same command. */
export function packageCommand(command: ShellCommand): PackageCommand | undefined {
  const known = read.get(command);
  if (known) return known.asked;
  const asked = readPackageCommand(command);
  read.set(command, { asked });
  return asked;
}

function readPackageCommand(command: ShellCommand): PackageCommand | undefined {
  const called = managerCalled(command);
  if (!called) return undefined;
  const { grammar, words } = called;
  const { options, operands } = readArguments(words, grammar.takesValue);
  const { action, actionWord, rest } = actionOf(grammar, operands, command, options);
  const requirementOptions = options.filter(isRequirementOption(grammar.manager, actionWord));
  const listed = action === 'install' || action === 'remove' || action === 'download' ? rest : [];
  const isPythonInstaller = ['pip', 'uv', 'pipenv', 'poetry', 'pdm'].includes(grammar.manager);
  const editables = options
    .filter((option) => option.name === '-e' || option.name === '--editable')
    .flatMap((option) => option.valueWord ?? []);
  const [remoteEditables, localEditables] = [
    editables.filter(isUrl),
    editables.filter((word) => !isUrl(word)),
  ];
  const local = listed.filter(isPythonInstaller ? looksLocal : looksLikePackageFile);
  // `uv pip sync` takes requirement files where `uv pip install` takes packages.
  const synced =
    grammar.actions['pip-sync'] && literalOf(actionWord) === 'sync' && isPip(operands) ? listed : [];
  return {
    manager: grammar.manager,
    program: command.program,
    action,
    actionWord,
    options,
    packages: [
      ...listed.filter((word) => !local.includes(word) && !synced.includes(word)),
      ...remoteEditables,
    ],
    requirementFiles: [...requirementOptions.flatMap((option) => option.valueWord ?? []), ...synced],
    localSources: [...local.filter((word) => !synced.includes(word)), ...localEditables],
    command,
  };
}

function managerCalled(
  command: ShellCommand,
): { grammar: ManagerGrammar; words: readonly ShellWord[] } | undefined {
  const { program, words } = command;
  if (/^pip[\d.]*$/.test(program)) return { grammar: pip, words };
  if (Object.hasOwn(byProgram, program)) return { grammar: byProgram[program] as ManagerGrammar, words };
  if (!/^(python|pypy)[\d.]*$/.test(program)) return undefined;
  const module = words.findIndex((word) => literalOf(word) === '-m');
  const named = module === -1 ? undefined : words[module + 1];
  const rest = words.slice(module + 2);
  if (named && literalOf(named) === 'pip') return { grammar: pip, words: rest };
  return named && literalOf(named) === 'uv' ? { grammar: uv, words: rest } : undefined;
}

function actionOf(
  grammar: ManagerGrammar,
  operands: readonly ShellWord[],
  command: ShellCommand,
  options: readonly GivenOption[],
): { action: PackageAction; actionWord: ShellWord; rest: readonly ShellWord[] } {
  const [first, second] = operands;
  const name = first && literalOf(first);
  if (grammar.manager === 'pacman') {
    const flags = options.map((option) => option.name);
    const action: PackageAction = flags.includes('-S')
      ? flags.includes('-c')
        ? 'clean'
        : operands.length > 0
          ? 'install'
          : 'update'
      : flags.includes('-R')
        ? 'remove'
        : 'other';
    return { action, actionWord: command.name, rest: operands };
  }
  // `yarn` and `yarn --frozen-lockfile` install what package.json lists.
  const installsAlone = command.program === 'yarn' && operands.length === 0 && !asksForHelp(options);
  if (!first || name === undefined)
    return { action: installsAlone ? 'install' : 'other', actionWord: command.name, rest: [] };
  if (second && groupWords[grammar.manager]?.includes(name)) {
    const action = grammar.actions[`${name}-${literalOf(second)}`] ?? 'other';
    return { action, actionWord: second, rest: operands.slice(2) };
  }
  const action = Object.hasOwn(grammar.actions, name) ? grammar.actions[name] : undefined;
  return { action: action ?? 'other', actionWord: first, rest: operands.slice(1) };
}

function isRequirementOption(
  manager: PackageManager,
  actionWord: ShellWord,
): (option: GivenOption) => boolean {
  const names =
    manager === 'conda'
      ? ['-f', '--file']
      : ['-r', '--requirement', '--requirements', '-c', '--constraint', '--constraints'];
  return (option) =>
    names.includes(option.name) && !(manager === 'conda' && literalOf(actionWord) === 'clean');
}

function asksForHelp(options: readonly GivenOption[]): boolean {
  return options.some(({ name }) => /^(--version|-v|--help|-h)$/.test(name));
}

function isPip(operands: readonly ShellWord[]): boolean {
  const [first] = operands;
  return first !== undefined && literalOf(first) === 'pip';
}

/** `git+https://host/x`, `https://host/x.whl`. */
function isUrl(word: ShellWord): boolean {
  return /^[a-z+]+:\/\//i.test(literalOf(word) ?? word.raw);
}

/** `./x.deb`, `/tmp/x.rpm`, `*.apk`: a file on disk, as apt, dnf and apk take them beside names. */
function looksLikePackageFile(word: ShellWord): boolean {
  const text = literalOf(word) ?? word.raw;
  return !isUrl(word) && (/^\.{0,2}\//.test(text) || /\.(deb|rpm|apk)$/.test(text));
}

/** Operands that are paths: `.`, `./x`, `/wheels/*.whl`, `dist/a.whl`, `.[extra]`. */
function looksLocal(word: ShellWord): boolean {
  const text = literalOf(word) ?? word.raw;
  if (isUrl(word) || / @ /.test(text)) return false;
  return (
    /^\.{0,2}\//.test(text) ||
    /^\.{1,2}($|\[)/.test(text) ||
    /\.(whl|tar\.gz|zip)$/.test(text) ||
    /^\$\{?\w+\}?\//.test(text)
  );
}
