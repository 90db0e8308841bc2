import { absent, type Answer, known, unknown } from '../../project/answer';
import type { BaseImage } from '../../project/baseImage';
import { containerEnvironment } from '../../project/dependencies/containerEnvironment';
import { type InstalledPackage, packageSet, type PackageTarget } from '../../project/dependencies/packageSet';
import { readRequirement } from '../../project/dependencies/requirement';
import type { RunInstruction, Stage } from '../../project/dockerfile/dockerfile';
import type { DockerfileDocument, Project } from '../../project/project';
import { literalOf } from '../../project/shell/commandArguments';
import type { PackageCommand } from '../../project/shell/packageCommand';
import type { ShellWord } from '../../project/shell/shellScript';
import type { Span } from '../../project/span';
import { commandFolders } from './commandFolders';
import { contributingStages } from './contributingStages';
import { installIndexes, type InstallIndexes } from './installIndexes';
import { lockedPackageSet } from './lockedPackageSet';
import { projectFileAt } from './projectFileAt';
import { baseOf, packageCommandsOf, runsOf } from './stageFacts';

/** One command of an image's build that installs or collects Python packages. */
export interface PythonInstallation {
  readonly document: DockerfileDocument;
  readonly stage: Stage;
  readonly run: RunInstruction;
  readonly command: PackageCommand;
  /** Facts of the image the command runs on. */
  readonly base: BaseImage;
  /** `3.12`; absent where there is none, unknown where the base or a manager decides. */
  readonly python: Answer<string>;
  /** As `uname -m` says; absent where FROM names no platform and the builder's holds. */
  readonly machine: Answer<'x86_64' | 'aarch64'>;
  readonly indexes: InstallIndexes;
  /** With the file and place each is written at: dependency files, or the command itself. */
  readonly packages: readonly InstalledPackage[];
  /** Paths of the dependency files it reads. */
  readonly files: readonly string[];
  /** Nothing else is installed: a lock, or hashes for all. */
  readonly isClosed: boolean;
  /** Something it installs cannot be read: an unknown word, a file that is not in the project. */
  readonly isPartlyUnknown: boolean;
}

const kept = new WeakMap<Project, readonly PythonInstallation[]>();

/** Every installation of Python packages that reaches an image of the project. */
export function pythonInstallations(project: Project): readonly PythonInstallation[] {
  let found = kept.get(project);
  if (!found) {
    found = project.dockerfiles.flatMap((document) => installationsIn(document, project));
    kept.set(project, found);
  }
  return found;
}

const keptByDocument = new WeakMap<Project, Map<DockerfileDocument, readonly PythonInstallation[]>>();

/** The installations of one Dockerfile. */
export function installationsIn(
  document: DockerfileDocument,
  project: Project,
): readonly PythonInstallation[] {
  const documents =
    keptByDocument.get(project) ?? new Map<DockerfileDocument, readonly PythonInstallation[]>();
  keptByDocument.set(project, documents);
  const known = documents.get(document);
  if (known) return known;
  const found = [...readInstallations(document, project)];
  documents.set(document, found);
  return found;
}

function* readInstallations(document: DockerfileDocument, project: Project): Generator<PythonInstallation> {
  for (const stage of contributingStages(document.dockerfile)) {
    const base = baseOf(stage);
    for (const run of runsOf(stage.instructions)) {
      const folders = commandFolders(run);
      for (const command of packageCommandsOf(run)) {
        if (!installsPython(command)) continue;
        yield installation({
          document,
          stage,
          run,
          command,
          base,
          project,
          folder: folders.get(command.command) ?? unknown,
        });
      }
    }
  }
}

function installsPython({ manager, action }: PackageCommand): boolean {
  const brings = action === 'install' || (manager === 'pip' && action === 'download');
  return brings && ['pip', 'uv', 'poetry', 'pipenv', 'pdm', 'conda'].includes(manager);
}

interface Asked {
  readonly document: DockerfileDocument;
  readonly stage: Stage;
  readonly run: RunInstruction;
  readonly command: PackageCommand;
  readonly base: BaseImage;
  readonly project: Project;
  readonly folder: Answer<string>;
}

function installation(asked: Asked): PythonInstallation {
  const { document, stage, run, command, base } = asked;
  const python = command.manager === 'conda' ? unknown : minorOf(base.python);
  const machine = machineOf(stage);
  const environment = containerEnvironment({
    python: python.state === 'known' ? python.value : undefined,
    arch: machine.state === 'known' ? machine.value : undefined,
  });
  const target: PackageTarget = { environment, extras: [], groups: [] };
  const read = [...readSources(asked, target)];
  return {
    document,
    stage,
    run,
    command,
    base,
    python,
    machine,
    indexes: installIndexes(stage, run, command),
    packages: read
      .flatMap((part) => part.packages)
      .map((one) => (command.command.conditional ? { ...one, isPossible: true } : one)),
    files: [...new Set(read.flatMap((part) => part.files))],
    isClosed: read.length > 0 && read.every((part) => part.isClosed),
    isPartlyUnknown: read.some((part) => part.isUnknown),
  };
}

interface ReadPart {
  readonly packages: readonly InstalledPackage[];
  readonly files: readonly string[];
  readonly isClosed: boolean;
  readonly isUnknown: boolean;
}

const nothingKnown: ReadPart = { packages: [], files: [], isClosed: false, isUnknown: true };

function* readSources(asked: Asked, target: PackageTarget): Generator<ReadPart> {
  const { command } = asked;
  for (const word of command.packages) yield packageWord(asked, word, target);
  for (const { path, isConstraint } of requirementPaths(asked)) {
    if (isConstraint) continue;
    yield path === undefined ? nothingKnown : requirementsPart(asked.project, path, target);
  }
  if (readsProject(command)) yield projectPart(asked, target);
}

/** `pip install "torch==2.7.0"`: the word is the requirement. */
function packageWord({ document }: Asked, word: ShellWord, target: PackageTarget): ReadPart {
  const text = literalOf(word);
  if (text === undefined) return nothingKnown;
  const requirement = readRequirement(text, word.span.start + (/^["']/.test(word.raw) ? 1 : 0));
  if ('bad' in requirement || requirement.name === undefined) return nothingKnown;
  const set = packageSet(
    {
      kind: 'requirements',
      closure: {
        files: [
          {
            path: document.path,
            constraint: false,
            file: {
              entries: [{ kind: 'requirement', requirement, editable: false, span: requirement.span }],
            },
          },
        ],
        wants: [],
        cycles: [],
      },
    },
    target,
  );
  const packages = set.packages.map((one) => ({
    ...one,
    span: writtenSpan(one.span, word, text),
    versionSpan: one.versionSpan && writtenSpan(one.versionSpan, word, text),
  }));
  return { packages, files: [], isClosed: false, isUnknown: false };
}

/** Where a part of the word's value is written: from the first variable on, the places of the two differ. */
function writtenSpan(span: Span, word: ShellWord, text: string): Span {
  const [, quote = '', inner = ''] = /^(["']?)(.*)\1$/s.exec(word.raw) ?? [];
  const start = word.span.start + quote.length;
  let same = 0;
  while (same < inner.length && inner[same] === text[same]) same++;
  if (same === text.length) return span;
  const end = start + inner.length;
  const at = (offset: number): number => (offset <= start + same ? offset : end);
  // What lies wholly behind the variable has no place of its own.
  return span.start > start + same ? { start, end } : { start: span.start, end: at(span.end) };
}

function requirementPaths({
  command,
  document,
  project,
  stage,
  run,
  folder,
}: Asked): readonly { readonly path: string | undefined; readonly isConstraint: boolean }[] {
  return command.requirementFiles.map((word) => {
    const option = command.options.find(({ valueWord }) => valueWord === word);
    const written = option?.value ?? literalOf(word);
    const isConstraint = option !== undefined && /^(-c|--constraints?)$/.test(option.name);
    return {
      isConstraint,
      path:
        written === undefined ? undefined : projectFileAt(written, folder, { document, project, stage, run }),
    };
  });
}

function requirementsPart(project: Project, path: string, target: PackageTarget): ReadPart {
  if (/\.ya?ml$/.test(path)) return condaPart(project, path, target);
  const lock = project.locks.find((candidate) => candidate.path === path);
  if (lock) {
    const set = lockedPackageSet(path, lock.lock, undefined, target);
    return { packages: set.packages, files: [path], isClosed: true, isUnknown: false };
  }
  const closure = project.requirementsFrom(path);
  if (closure.files.length === 0) return nothingKnown;
  const set = packageSet({ kind: 'requirements', closure }, target);
  return {
    packages: set.packages,
    files: closure.files.map((file) => file.path),
    isClosed: set.isClosed,
    isUnknown: closure.wants.length > 0,
  };
}

function condaPart(project: Project, path: string, target: PackageTarget): ReadPart {
  const found = project.condaEnvironments.find((candidate) => candidate.path === path);
  if (!found) return nothingKnown;
  const set = packageSet({ kind: 'conda', path, environment: found.environment }, target);
  return { packages: set.packages, files: [path], isClosed: false, isUnknown: false };
}

/** The command installs the project it stands in: `uv sync`, `poetry install`, `pip install .`. */
function readsProject({ manager, localSources, packages, requirementFiles }: PackageCommand): boolean {
  if (localSources.some((word) => /^\.\/?(\[|$)/.test(literalOf(word) ?? ''))) return true;
  return (
    ['uv', 'poetry', 'pipenv', 'pdm'].includes(manager) &&
    packages.length === 0 &&
    requirementFiles.length === 0
  );
}

/** The lock of the folder where there is one and the tool reads it, else its pyproject.toml. */
function projectPart(
  { command, document, project, stage, run, folder }: Asked,
  target: PackageTarget,
): ReadPart {
  const at = (name: string): string | undefined =>
    projectFileAt(name, folder, { document, project, stage, run });
  const pyprojectPath = at('pyproject.toml');
  const pyproject = project.pyprojects.find(({ path }) => path === pyprojectPath)?.pyproject;
  const lockName = { uv: 'uv.lock', poetry: 'poetry.lock', pipenv: 'Pipfile.lock' }[
    command.manager as string
  ];
  const lockPath = lockName === undefined ? undefined : at(lockName);
  const lock = project.locks.find(({ path }) => path === lockPath);
  const wished = { ...target, extras: extrasOf(command), groups: groupsOf(command) };
  if (lock) {
    const set = lockedPackageSet(lock.path, lock.lock, pyproject, wished);
    return {
      packages: set.packages,
      files: [lock.path, ...(pyprojectPath === undefined ? [] : [pyprojectPath])],
      isClosed: true,
      isUnknown: false,
    };
  }
  if (!pyproject || pyprojectPath === undefined) return nothingKnown;
  const set = packageSet({ kind: 'pyproject', path: pyprojectPath, pyproject }, wished);
  return {
    packages: set.packages,
    files: [pyprojectPath],
    isClosed: set.isClosed,
    isUnknown: pyproject.problem !== undefined,
  };
}

function extrasOf(command: PackageCommand): readonly string[] {
  const local = command.localSources.flatMap(
    (word) => /\[([^\]]*)\]/.exec(literalOf(word) ?? '')?.[1]?.split(',') ?? [],
  );
  const given = command.options
    .filter(({ name }) => ['--extra', '-E', '--extras'].includes(name))
    .flatMap(({ value }) => value?.split(/[\s,]+/) ?? []);
  return [...local, ...given].map((extra) => extra.trim()).filter((extra) => extra !== '');
}

/** uv and poetry install the `dev` group unless told not to. */
function groupsOf(command: PackageCommand): readonly string[] {
  const has = (...names: readonly string[]): boolean =>
    command.options.some(({ name }) => names.includes(name));
  const given = command.options
    .filter(({ name }) => ['--group', '--with', '-G'].includes(name))
    .flatMap(({ value }) => value?.split(',') ?? []);
  const withoutDev =
    has('--no-dev', '--no-default-groups', '--only', '--without', '--no-group') || command.manager === 'pip';
  return [...new Set([...(withoutDev ? [] : ['dev']), ...given])];
}

function minorOf(python: Answer<string>): Answer<string> {
  if (python.state !== 'known') return python;
  const minor = /^\d+\.\d+/.exec(python.value)?.[0];
  return minor === undefined ? unknown : known(minor);
}

/** What FROM's `--platform` says; without it the builder decides, which is x86_64 on most servers. */
function machineOf(stage: Stage): Answer<'x86_64' | 'aarch64'> {
  const platform = stage.from.flags.find(({ name }) => name === 'platform')?.value;
  if (!platform || platform.state === 'absent') return absent;
  if (platform.state === 'unknown') return unknown;
  if (/arm64|aarch64/.test(platform.value)) return known('aarch64');
  return /amd64|x86_64/.test(platform.value) ? known('x86_64') : unknown;
}
