import { readRequirements, type RequirementsFile } from './dependencies/requirements';
import type { Dockerfile } from './dockerfile/dockerfile';
import { parseDockerfile } from './dockerfile/parseDockerfile';
import { dockerfileNameOf } from './dockerfileNames';
import { type FileKind, fileKind } from './fileKind';
import type { FileTree } from './fileTree';
import type { DockerfileDocument, Project, ProjectFile, RequirementsDocument } from './project';
import { SourceText } from './sourceText';

/** What `readProject` still wants to see of a path. */
export interface Want {
  readonly path: string;
  readonly what: 'text' | 'header';
}

/** Parsed files kept by path and text between two readings. */
export class ProjectCache {
  private readonly parsed = new Map<string, { text: string; value: unknown }>();

  /** The parsed form of `text`, from the last reading when the text is the same. `kind` separates parsers. */
  parse<T>(kind: string, path: string, text: string, parser: (source: SourceText) => T): T {
    const key = `${kind}\0${path}`;
    const hit = this.parsed.get(key);
    if (hit && hit.text === text) return hit.value as T;
    const value = parser(new SourceText(path, text));
    this.parsed.set(key, { text, value });
    return value;
  }
}

export interface ReadProjectOptions {
  /** Paths taken for Dockerfiles although their name does not say so: opened under that language id in an editor. */
  readonly dockerfiles?: ReadonlySet<string>;
  /** Build context a person chose, by Dockerfile or `*`; relative to the project's folder. */
  readonly contexts?: ReadonlyMap<string, string>;
}

/**
 * Reads the project in `tree`. Does no I/O: when `wants` is not empty the caller fetches those paths into a new
 * tree and calls again with the same cache. A path whose text cannot be had stays out of the project.
 */
export function readProject(
  tree: FileTree,
  cache: ProjectCache,
  options: ReadProjectOptions = {},
): { project: Project; wants: readonly Want[] } {
  const kinds = new Map<string, FileKind>();
  for (const path of tree.paths) {
    if (tree.isIgnored(path) && !options.dockerfiles?.has(path)) continue;
    const kind = fileKind(
      path,
      (candidate) =>
        dockerfileNameOf(candidate) === 'dockerfile' || (options.dockerfiles?.has(candidate) ?? false),
    );
    if (kind) kinds.set(path, kind);
  }
  const wants: Want[] = [];
  for (const path of kinds.keys()) if (tree.textOf(path) === undefined) wants.push({ path, what: 'text' });
  return { project: new LazyProject(tree, cache, kinds), wants };
}

class LazyProject implements Project {
  constructor(
    readonly tree: FileTree,
    private readonly cache: ProjectCache,
    private readonly kinds: ReadonlyMap<string, FileKind>,
  ) {}

  get dockerfiles(): readonly DockerfileDocument[] {
    return this.once('dockerfiles', () => this.files('dockerfile', (source) => new LazyDockerfile(source)));
  }

  get requirements(): readonly RequirementsDocument[] {
    return this.once('requirements', () =>
      this.files('requirements', (source) => new LazyRequirements(source)),
    );
  }

  get pyprojects(): readonly ProjectFile[] {
    return this.once('pyprojects', () => this.files('pyproject', plainFile));
  }

  get pythonFiles(): readonly ProjectFile[] {
    return this.once('pythonFiles', () => this.files('python', plainFile));
  }

  private readonly answers = new Map<string, unknown>();

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

function plainFile(source: SourceText): ProjectFile {
  return { path: source.path, source };
}

class LazyDockerfile implements DockerfileDocument {
  private parsed: Dockerfile | undefined;
  constructor(readonly source: SourceText) {}
  get path(): string {
    return this.source.path;
  }
  get dockerfile(): Dockerfile {
    return (this.parsed ??= parseDockerfile(this.source));
  }
}

class LazyRequirements implements RequirementsDocument {
  private parsed: RequirementsFile | undefined;
  constructor(readonly source: SourceText) {}
  get path(): string {
    return this.source.path;
  }
  get requirements(): RequirementsFile {
    return (this.parsed ??= readRequirements(this.source.text));
  }
}
