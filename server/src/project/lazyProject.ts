import { readEnvironmentYml } from './dependencies/environmentYml';
import type { LockFile } from './dependencies/lockedPackage';
import { readPipfileLock } from './dependencies/pipfile';
import { readPoetryLock } from './dependencies/poetryLock';
import { readPylock } from './dependencies/pylock';
import { readPyproject } from './dependencies/pyproject';
import { readRequirements } from './dependencies/requirements';
import { type RequirementsClosure, requirementsClosure } from './dependencies/requirementsClosure';
import { readUvLock } from './dependencies/uvLock';
import type { Dockerfile } from './dockerfile/dockerfile';
import { parseDockerfile } from './dockerfile/parseDockerfile';
import type { FileKind } from './fileKind';
import type { FileTree } from './fileTree';
import { ignoreFileOf } from './ignore/buildContextFiles';
import { Dockerignore } from './ignore/dockerignore';
import { buildContext, type ContextAnswer } from './links/buildContext';
import { folderIndex } from './links/folderIndex';
import { resolvedBuilds, statedBuilds } from './links/readBuilds';
import { dockerfileCommentBuilds } from './links/readmeCommands';
import type { Build } from './links/statedBuild';
import type {
  CondaDocument,
  DockerfileDocument,
  IgnoreDocument,
  LockDocument,
  Project,
  ProjectFile,
  PyprojectDocument,
  PythonDocument,
  RequirementsDocument,
} from './project';
import type { ProjectCache } from './projectCache';
import { readPython } from './python/readPython';
import type { SourceText } from './sourceText';

const linkKinds: readonly FileKind[] = ['compose', 'bake', 'ci', 'makefile', 'script', 'readme'];

/** A project whose files are parsed when somebody asks for them. */
export class LazyProject implements Project {
  private readonly answers = new Map<string, unknown>();

  constructor(
    readonly tree: FileTree,
    private readonly cache: ProjectCache,
    private readonly kinds: ReadonlyMap<string, FileKind>,
    private readonly contexts: ReadonlyMap<string, string>,
  ) {}

  get dockerfiles(): readonly DockerfileDocument[] {
    return this.once('dockerfiles', () =>
      this.files('dockerfile', (source) => lazily(source, 'dockerfile', () => parseDockerfile(source))),
    );
  }

  get requirements(): readonly RequirementsDocument[] {
    return this.once('requirements', () => this.files('requirements', requirementsDocument));
  }

  get pyprojects(): readonly PyprojectDocument[] {
    return this.once('pyprojects', () =>
      this.files('pyproject', (source) => lazily(source, 'pyproject', () => readPyproject(source.text))),
    );
  }

  get locks(): readonly LockDocument[] {
    return this.once('locks', () =>
      this.files('lock', (source) => lazily(source, 'lock', () => readLock(source))),
    );
  }

  get condaEnvironments(): readonly CondaDocument[] {
    return this.once('conda', () =>
      this.files('conda', (source) => lazily(source, 'environment', () => readEnvironmentYml(source.text))),
    );
  }

  get pythonFiles(): readonly PythonDocument[] {
    return this.once('python', () =>
      this.files('python', (source) => lazily(source, 'module', () => readPython(source.text))),
    );
  }

  get builds(): readonly Build[] {
    return this.once('builds', () => {
      const stated = linkKinds.flatMap((kind) => this.files(kind, statedBuilds).flat());
      const inComments = this.dockerfiles.flatMap(({ path, source }) =>
        this.cache.parse('dockerfile comments', path, source.text, dockerfileCommentBuilds),
      );
      return resolvedBuilds([...stated, ...inComments], this.tree);
    });
  }

  contextOf(dockerfile: string): ContextAnswer {
    return this.once(`context ${dockerfile}`, () => {
      const setting = this.contexts.get(dockerfile) ?? this.contexts.get('*');
      return buildContext({
        dockerfile,
        builds: this.builds,
        setting: setting === '.' ? '' : setting,
        copied: copiedPaths(this.dockerfiles.find(({ path }) => path === dockerfile)?.dockerfile),
        folders: folderIndex(this.tree),
      });
    });
  }

  ignoreFor(dockerfile: string, contextFolder: string): IgnoreDocument | undefined {
    const path = ignoreFileOf(dockerfile, contextFolder, (candidate) => this.tree.has(candidate));
    const text = path === undefined ? undefined : this.tree.textOf(path);
    if (path === undefined || text === undefined) return undefined;
    return this.cache.parse('dockerignore', path, text, (source) =>
      lazily(source, 'ignore', () => new Dockerignore(source.text)),
    );
  }

  requirementsFrom(path: string): RequirementsClosure {
    return this.once(`closure ${path}`, () =>
      requirementsClosure(path, (included) => {
        const text = this.tree.textOf(included);
        return text === undefined
          ? undefined
          : this.cache.parse('requirements', included, text, requirementsDocument).requirements;
      }),
    );
  }

  private once<T>(name: string, compute: () => T): T {
    if (!this.answers.has(name)) this.answers.set(name, compute());
    return this.answers.get(name) as T;
  }

  private files<T>(kind: FileKind, read: (source: SourceText) => T): readonly T[] {
    const found: T[] = [];
    for (const [path, pathKind] of this.kinds) {
      const text = pathKind === kind ? this.tree.textOf(path) : undefined;
      if (text !== undefined) found.push(this.cache.parse(kind, path, text, read));
    }
    return found;
  }
}

/** A document whose parsed part is made on first use. */
function lazily<N extends string, T>(
  source: SourceText,
  name: N,
  parse: () => T,
): ProjectFile & { readonly [K in N]: T } {
  let parsed: { readonly value: T } | undefined;
  const document = { path: source.path, source };
  Object.defineProperty(document, name, {
    enumerable: true,
    get: () => (parsed ??= { value: parse() }).value,
  });
  return document as ProjectFile & { readonly [K in N]: T };
}

function requirementsDocument(source: SourceText): RequirementsDocument {
  return lazily(source, 'requirements', () => readRequirements(source.text));
}

function readLock({ path, text }: SourceText): LockFile {
  if (path.endsWith('uv.lock')) return readUvLock(text);
  if (path.endsWith('Pipfile.lock')) return readPipfileLock(text);
  return path.endsWith('.toml') ? readPylock(text) : readPoetryLock(text);
}

/** What COPY and ADD take from the context, as far as it is known text. */
function copiedPaths(dockerfile: Dockerfile | undefined): readonly string[] {
  const copies =
    dockerfile?.instructions.filter((instruction) => instruction.kind === 'copy' && !instruction.from) ?? [];
  return copies.flatMap((copy) =>
    copy.kind === 'copy'
      ? copy.sources.flatMap(({ value }) =>
          value.state === 'known' && !/^[a-z]+:\/\/|^git@/.test(value.value) ? [value.value] : [],
        )
      : [],
  );
}
