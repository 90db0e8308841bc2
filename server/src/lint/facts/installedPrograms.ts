import { type Answer, absent, known, unknown } from '../../project/answer';
import type {
  CopyInstruction,
  Instruction,
  RunInstruction,
  Stage,
} from '../../project/dockerfile/dockerfile';
import { normalizedName } from '../../project/dependencies/normalizedName';
import type { Project } from '../../project/project';
import { literalOf } from '../../project/shell/commandArguments';
import { type PackageCommand, packageCommand } from '../../project/shell/packageCommand';
import type { ShellCommand, ShellWord } from '../../project/shell/shellScript';
import serverless from '../data/serverlessPackages.json';
import { providersOf } from '../program';
import { absolutePath, commandFolders } from './commandFolders';
import { copiedFiles } from './copiedFiles';
import { baseOf, instructionsOf } from './stageFacts';

export interface PythonPackage {
  /** Normalised. */
  readonly name: string;
  readonly extras: readonly string[];
  /** Where it is pinned exactly. */
  readonly version: string | undefined;
}

/** What the instructions of a stage's chain put into its image, as far as the text tells. */
export interface Installed {
  /** Packages of apt, apk and dnf: `apt:curl`. */
  readonly system: ReadonlySet<string>;
  /** False when something of unknown name came through a system package manager. */
  readonly systemClosed: boolean;
  readonly python: readonly PythonPackage[];
  readonly pythonClosed: boolean;
  /** False when programs may have come as files into a folder of PATH: copied, downloaded, built. */
  readonly filesClosed: boolean;
  /** Base names of single files copied into a folder of programs. */
  readonly files: ReadonlySet<string>;
  /** Absolute folders and files that COPY and ADD fill, each with a slash at its end. */
  readonly copied: readonly string[];
  /** Requirements files that were installed, as paths of the project. */
  readonly requirementFiles: readonly string[];
  readonly installs: readonly PackageCommand[];
}

/** Commands that bring no program, whatever their words. */
const bringsNothing = new Set(
  (
    '. : [ [[ addgroup adduser apt-mark awk cat cd chgrp chmod chown command cut date dpkg-reconfigure du echo env exit ' +
    'export false find gpg grep groupadd head hf huggingface-cli id ldconfig locale-gen ls mkdir nltk printf pwd read rm ' +
    'sed set sleep sort source stat tail tee test touch tr true type uname unset update-ca-certificates useradd usermod ' +
    'wc which xargs'
  ).split(' '),
);

/** System packages that bring many others; nobody can list them. */
const bringsMany =
  /^(?:devscripts|apt-file|snapd|unattended-upgrades|software-properties-common|ros-|r-base|cuda|texlive|task-|ubuntu-|kali-|.*-desktop)/;

const selfContained = new Set(serverless.packages);

/** Reads the stage's chain up to an instruction, or all of it. `dockerfile` is the file's path. */
export function installedIn(stage: Stage, dockerfile: string, project: Project): Installed {
  const reader = new InstallReader(dockerfile, project, instructionsOf(stage));
  return reader.read();
}

class InstallReader {
  private readonly system = new Set<string>();
  private readonly python: PythonPackage[] = [];
  private readonly files = new Set<string>();
  private readonly requirementFiles: string[] = [];
  private readonly installs: PackageCommand[] = [];
  private readonly copied: string[] = [];
  private readonly path: readonly string[];
  private systemClosed = true;
  private pythonClosed = true;
  private filesClosed = true;

  constructor(
    private readonly dockerfile: string,
    private readonly project: Project,
    private readonly instructions: readonly Instruction[],
  ) {
    this.path = pathFolders(instructions);
  }

  read(): Installed {
    for (const instruction of this.instructions) {
      if (instruction.kind === 'copy') this.readCopy(instruction);
      else if (instruction.kind === 'run') this.readRun(instruction);
    }
    const { system, systemClosed, python, pythonClosed, filesClosed } = this;
    const { files, copied, requirementFiles, installs } = this;
    return {
      system,
      systemClosed,
      python,
      pythonClosed,
      filesClosed,
      files,
      copied,
      requirementFiles,
      installs,
    };
  }

  private readCopy(copy: CopyInstruction): void {
    const written = copy.destination?.value.state === 'known' ? copy.destination.value.value : undefined;
    const target = written === undefined ? unknown : absolutePath(copy.before.workdir, written);
    const sources = copy.sources.map(({ value }) => (value.state === 'known' ? value.value : ''));
    const singles = sources.every((source) => /(?:^|\/)[\w-]+$/.test(source));
    if (target.state !== 'known') {
      if (copy.from) this.openAll();
      return;
    }
    const folder = target.value === '/' ? '/' : `${target.value}/`;
    this.copied.push(folder);
    const onPath = this.path.some((bin) => `${bin}/`.startsWith(folder) || folder.startsWith(`${bin}/`));
    if (onPath && singles && this.path.includes(target.value))
      for (const source of sources) this.files.add(source.slice(source.lastIndexOf('/') + 1));
    else if (onPath && singles && copy.from) {
      this.files.add(target.value.slice(target.value.lastIndexOf('/') + 1));
      if (this.path.some((bin) => `${bin}/`.startsWith(folder))) this.filesClosed = false;
    } else if (
      onPath ||
      (copy.isAdd && sources.some((source) => /\.(?:tar|tgz|gz|xz|bz2|zst)$/.test(source)))
    )
      this.filesClosed = false;
    if (
      copy.from &&
      /\/(?:usr\/(?:local\/)?)?(?:lib(?:64)?\/)?(?:python[\d.]*\/)?(?:.*-packages\/)?$/.test(folder)
    )
      this.pythonClosed = false;
  }

  private readRun(run: RunInstruction): void {
    const { commands } = run.script;
    if (commands.length === 0 && run.form === 'shell') {
      const isPython = run.interpreter.state === 'known' && run.interpreter.value.startsWith('python');
      if (!isPython) this.openAll();
      return;
    }
    const folders = commandFolders(run);
    for (const command of commands) {
      const asked = packageCommand(command);
      if (asked) this.readPackages(asked, run, folders.get(command) ?? unknown);
      else if (mayBringPrograms(command)) this.openAll();
    }
  }

  private readPackages(asked: PackageCommand, run: RunInstruction, folder: Answer<string>): void {
    if (asked.action !== 'install') return;
    this.installs.push(asked);
    switch (asked.manager) {
      case 'apt':
      case 'apk':
      case 'dnf':
        for (const word of asked.packages) this.addSystem(asked.manager, word);
        return;
      case 'pip':
        this.readPip(asked, run, folder);
        return;
      case 'uv':
        if (
          asked.command.words.some((word) => literalOf(word) === 'pip') &&
          literalOf(asked.actionWord) === 'install'
        )
          this.readPip(asked, run, folder);
        else this.pythonClosed = false;
        return;
      case 'poetry':
      case 'pdm':
      case 'pipenv':
        this.pythonClosed = false;
        return;
      case 'npm':
        this.filesClosed = false;
        return;
      default:
        this.openAll();
    }
  }

  private addSystem(manager: string, word: ShellWord): void {
    const text = literalOf(word);
    if (text === undefined || word.hasGlob || /[/$]|\.(?:deb|rpm|apk)$/.test(text)) {
      this.systemClosed = false;
      return;
    }
    const name = text.replace(/[=:~<>].*$/, '');
    if (bringsMany.test(name)) this.systemClosed = false;
    this.system.add(`${manager}:${name}`);
  }

  private readPip(asked: PackageCommand, run: RunInstruction, folder: Answer<string>): void {
    if (asked.localSources.length > 0) this.pythonClosed = false;
    for (const word of asked.packages) this.addPython(literalOf(word));
    for (const word of asked.requirementFiles) {
      const given = asked.options.find(({ valueWord }) => valueWord === word)?.name ?? '-r';
      if (/^(?:-c|--constraints?)$/.test(given)) continue;
      const option = asked.options.find(({ valueWord }) => valueWord === word);
      const written = option?.value ?? literalOf(word);
      const path = written === undefined ? undefined : this.projectPath(written, run, folder);
      if (path === undefined) this.pythonClosed = false;
      else this.readRequirements(path);
    }
  }

  private addPython(text: string | undefined): void {
    const match =
      text === undefined
        ? undefined
        : /^([A-Za-z0-9][\w.-]*)\s*(?:\[([^\]]*)\])?\s*(?:$|[=<>!~;@\s])/.exec(text);
    if (!match?.[1]) {
      this.pythonClosed = false;
      return;
    }
    const extras = (match[2] ?? '').split(',').map((extra) => extra.trim().toLowerCase());
    this.python.push({
      name: normalizedName(match[1]),
      extras: extras.filter((extra) => extra !== ''),
      version: /==\s*([\w.+!]+)/.exec(text ?? '')?.[1],
    });
  }

  private readRequirements(path: string): void {
    const closure = this.project.requirementsFrom(path);
    if (closure.files.length === 0 || closure.wants.length > 0) this.pythonClosed = false;
    this.requirementFiles.push(path);
    for (const { file, constraint } of closure.files) {
      for (const entry of file.entries) {
        if (entry.kind === 'bad') this.pythonClosed = false;
        if (entry.kind !== 'requirement' || constraint) continue;
        const { name, extras } = entry.requirement;
        if (name === undefined || entry.editable) this.pythonClosed = false;
        else {
          const pin = entry.requirement.version;
          const version = pin.state === 'known' ? pin.value : undefined;
          this.python.push({ name, extras: extras.map((extra) => extra.name), version });
        }
      }
    }
  }

  /** The file of the project that a path in the image was copied from, or bound to. */
  private projectPath(written: string, run: RunInstruction, folder: Answer<string>): string | undefined {
    const target = absolutePath(folder, written);
    if (target.state !== 'known') return undefined;
    for (const instruction of this.instructions.toReversed()) {
      if (instruction.kind !== 'copy' || instruction.span.start > run.span.start) continue;
      const files = copiedFiles(instruction, this.dockerfile, this.project);
      const found = files?.find((file) => file.target === target.value);
      if (found) return found.source;
    }
    return undefined;
  }

  private openAll(): void {
    this.systemClosed = false;
    this.pythonClosed = false;
    this.filesClosed = false;
  }
}

const systemPath = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** The system's folders of programs, and those that ENV PATH adds anywhere in the chain. */
function pathFolders(instructions: readonly Instruction[]): readonly string[] {
  const added = instructions.flatMap((instruction) =>
    instruction.kind === 'assignment' && instruction.keyword === 'ENV'
      ? instruction.assignments
          .filter(({ name }) => name === 'PATH')
          .flatMap(({ rawValue }) => rawValue.split(/[:"']/))
      : [],
  );
  return [
    ...systemPath,
    ...added.filter((folder) => folder.startsWith('/')).map((folder) => folder.replace(/\/+$/, '')),
  ];
}

function mayBringPrograms({ program, words }: ShellCommand): boolean {
  if (bringsNothing.has(program)) return false;
  if (program === 'git') return words.some((word) => literalOf(word) === 'submodule');
  if (!/^python[\d.]*$/.test(program)) return true;
  const texts = words.map((word) => literalOf(word) ?? word.raw);
  if (texts[0] === '-c' || texts[0] === '--version' || texts[0] === '-V') return false;
  if (texts[0] === '-m') return !/^(?:venv|compileall|nltk\.downloader|site)$/.test(texts[1] ?? '');
  return texts.some((text) => /install|setup\.py|bootstrap/.test(text));
}

/** Whether the image has a program of this name; unknown wherever it may have come unseen. */
export function hasProgram(stage: Stage, installed: Installed, program: string): Answer<true> {
  const base = baseOf(stage);
  const inBase = base.hasProgram(program);
  if (inBase.state === 'known' || installed.files.has(program)) return known(true);
  const providers = providersOf(program);
  if (providers.state !== 'known') return unknown;
  const { pip, apt, apk, dnf } = providers.value;
  const listed = Object.entries({ apt, apk, dnf });
  const system = listed.flatMap(([manager, names]) => names.map((name) => `${manager}:${name}`));
  if (system.some((name) => installed.system.has(name))) return known(true);
  if (pip.some((wanted) => installed.python.some((there) => provides(there, wanted)))) return known(true);
  if (!installed.filesClosed) return unknown;
  if (system.length > 0 && !installed.systemClosed) return unknown;
  if (pip.length > 0 && (!installed.pythonClosed || !installed.python.every(isSelfContained))) return unknown;
  const noPython = base.packages.complete || base.python.state === 'absent';
  return inBase.state === 'absent' || (pip.length > 0 && noPython) ? absent : unknown;
}

function provides(there: PythonPackage, wanted: string): boolean {
  const [, name, extra] = /^([^[]+)(?:\[(.*)\])?$/.exec(wanted) ?? [];
  return there.name === name && (extra === undefined || there.extras.includes(extra));
}

/** Nothing it depends on serves or supervises. Extras may bring anything. */
function isSelfContained({ name, extras }: PythonPackage): boolean {
  if (extras.length === 0) return selfContained.has(name);
  return ['uvicorn', 'transformers', 'pydantic', 'sqlalchemy', 'celery', 'redis', 'httpx'].includes(name);
}
