import type { Message } from '../../protocol/message';
import type { Answer } from '../answer';
import { dockerfileNameOf, dockerfileNameWords } from '../dockerfileNames';
import { templateMark } from './templateMarks';

/**
 * What a Dockerfile is for, as far as rules about the final stage care.
 * `serving`: something starts in it. `build-environment`: people or builds work in it, or other images start from
 * it. `ci`: tests run in it. `chain-link`: its base comes from outside, so it says nothing about a finished image.
 * `template`: not yet a Dockerfile.
 */
export type DockerfilePurpose = 'serving' | 'build-environment' | 'ci' | 'chain-link' | 'template';

export interface Classification {
  readonly purpose: DockerfilePurpose;
  readonly confidence: 'certain' | 'likely' | 'guess';
  /** Why, strongest first; never empty. */
  readonly reasons: readonly Message[];
}

/** What the classification looks at, filled from the parsed Dockerfile. */
export interface ClassifiedDockerfile {
  /** With `/`, relative to the project. */
  readonly path: string;
  readonly text: string;
  /** Name of the stage that ships: the last one, or the target a build names. */
  readonly stageName: string | undefined;
  /** Reference at the root of that stage's chain of FROM. */
  readonly base: Answer<string>;
  /** The ARG without default that the root FROM needs. */
  readonly baseVariable: string | undefined;
  /** Words that start the process, ENTRYPOINT before CMD; absent when the stage's chain has neither. */
  readonly command: Answer<readonly string[]>;
  readonly exposesPort: boolean;
  readonly hasHealthcheck: boolean;
}

const ciWords = new Set([
  'ci',
  'github',
  'gitlab',
  'circleci',
  'jenkins',
  'buildkite',
  'test',
  'tests',
  'testing',
  'lint',
  'e2e',
]);
const buildWords = new Set([
  'dev',
  'devel',
  'develop',
  'development',
  'devcontainer',
  'builder',
  'build',
  'buildenv',
  'base',
  'toolchain',
  'manylinux',
  'wheel',
  'wheels',
  'compile',
  'sandbox',
  'doc',
  'docs',
]);
const buildImages =
  /^(?:quay\.io\/pypa\/(?:many|musl)linux|pytorch\/manylinux|mcr\.microsoft\.com\/devcontainers\/|mcr\.microsoft\.com\/vscode\/devcontainers\/|nvcr\.io\/nvidia\/tensorrt)/;
/** Programs that keep a container open for a person instead of serving. */
const shells = new Set(['bash', 'sh', 'zsh', 'fish', 'dash', 'ash', 'login']);

export function classifyDockerfile(file: ClassifiedDockerfile): Classification {
  return (
    template(file) ??
    chainLink(file) ??
    byPathAndStage(file) ??
    byCommand(file) ?? {
      purpose: 'serving',
      confidence: 'guess',
      reasons: [{ template: 'Nothing says what it is for' }],
    }
  );
}

function template({ path, text }: ClassifiedDockerfile): Classification | undefined {
  if (dockerfileNameOf(path) === 'template') {
    return {
      purpose: 'template',
      confidence: 'certain',
      reasons: [{ template: 'Its file name ends like a template' }],
    };
  }
  const mark = templateMark(text);
  if (!mark) return undefined;
  const reason = {
    template: 'It holds template text: {text}',
    with: { text: text.slice(mark.start, mark.end).trim() },
  };
  return { purpose: 'template', confidence: 'certain', reasons: [reason] };
}

function chainLink({ baseVariable }: ClassifiedDockerfile): Classification | undefined {
  if (baseVariable === undefined) return undefined;
  const reason = {
    template: 'Its base image comes from ARG {name}, which has no default',
    with: { name: baseVariable },
  };
  return { purpose: 'chain-link', confidence: 'certain', reasons: [reason] };
}

function byPathAndStage(file: ClassifiedDockerfile): Classification | undefined {
  const ci = named(file, ciWords);
  const build = named(file, buildWords);
  const starts = startsSomething(file);
  // A folder or a stage called `base`, `build` or `test` often holds the service itself; a command outweighs it.
  if (ci && (ci.place === 'name' || !starts)) {
    return { purpose: 'ci', confidence: starts ? 'guess' : 'likely', reasons: [ci.reason] };
  }
  if (build && (build.place === 'name' || !starts)) {
    return { purpose: 'build-environment', confidence: starts ? 'guess' : 'likely', reasons: [build.reason] };
  }
  if (file.base.state === 'known' && buildImages.test(file.base.value)) {
    const reason = {
      template: 'Its base image {image} is made for building',
      with: { image: file.base.value },
    };
    return { purpose: 'build-environment', confidence: 'likely', reasons: [reason] };
  }
  // `FROM scratch` without a command carries files: a build exports them or another image copies them.
  if (file.base.state === 'known' && file.base.value === 'scratch' && file.command.state === 'absent') {
    const reason = { template: 'Nothing can start in it: it stands on scratch and names no command' };
    return { purpose: 'build-environment', confidence: 'likely', reasons: [reason] };
  }
  return undefined;
}

interface NameHit {
  readonly place: 'name' | 'stage' | 'folder';
  readonly reason: Message;
}

function named(file: ClassifiedDockerfile, known: ReadonlySet<string>): NameHit | undefined {
  const words = dockerfileNameWords(file.path);
  const inName = words.name.find((word) => known.has(word));
  if (inName !== undefined) {
    return { place: 'name', reason: { template: 'Its file name says {word}', with: { word: inName } } };
  }
  const stage = file.stageName ?? '';
  if (
    stage
      .toLowerCase()
      .split(/[._-]+/)
      .some((word) => known.has(word))
  ) {
    return { place: 'stage', reason: { template: 'The stage that ships is named {stage}', with: { stage } } };
  }
  if (known === buildWords && words.folders.includes('devcontainer')) {
    return {
      place: 'name',
      reason: { template: 'It lies in a folder named {word}', with: { word: 'devcontainer' } },
    };
  }
  const word = words.folders.find((folder) => known.has(folder));
  if (word === undefined) return undefined;
  return { place: 'folder', reason: { template: 'It lies in a folder named {word}', with: { word } } };
}

function byCommand(file: ClassifiedDockerfile): Classification | undefined {
  const { command } = file;
  if (command.state === 'known' && opensShell(command.value)) {
    const reason = { template: 'It starts {command}', with: { command: command.value.join(' ') } };
    return { purpose: 'build-environment', confidence: 'likely', reasons: [reason] };
  }
  if (startsSomething(file)) {
    return { purpose: 'serving', confidence: 'certain', reasons: [{ template: 'It says what to start' }] };
  }
  if (file.exposesPort)
    return { purpose: 'serving', confidence: 'likely', reasons: [{ template: 'It exposes a port' }] };
  if (file.hasHealthcheck)
    return { purpose: 'serving', confidence: 'likely', reasons: [{ template: 'It has a health check' }] };
  return undefined;
}

/** A command that is there and does not open a shell; one nobody can read counts as serving. */
function startsSomething({ command }: ClassifiedDockerfile): boolean {
  return command.state === 'unknown' || (command.state === 'known' && !opensShell(command.value));
}

function opensShell(words: readonly string[]): boolean {
  const programs = words.map((word) => word.slice(word.lastIndexOf('/') + 1));
  const [program, ...rest] = programs;
  if (program === undefined) return false;
  if (shells.has(program)) return rest.every((word) => word.startsWith('-') && !/^-\w*c/.test(word));
  const text = programs.join(' ');
  return /^(?:sleep infinity|tail -f \S*null|sshd -D)$/.test(text);
}
