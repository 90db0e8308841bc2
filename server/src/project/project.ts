import type { CondaEnvironment } from './dependencies/environmentYml';
import type { LockFile } from './dependencies/lockedPackage';
import type { Pyproject } from './dependencies/pyproject';
import type { RequirementsFile } from './dependencies/requirements';
import type { RequirementsClosure } from './dependencies/requirementsClosure';
import type { Dockerfile } from './dockerfile/dockerfile';
import type { FileTree } from './fileTree';
import type { Dockerignore } from './ignore/dockerignore';
import type { ContextAnswer } from './links/buildContext';
import type { Build } from './links/statedBuild';
import type { PythonModule } from './python/pythonModule';
import type { SourceText } from './sourceText';

/** A file of the project that carries findings of its own. */
export interface ProjectFile {
  readonly path: string;
  readonly source: SourceText;
}

export interface DockerfileDocument extends ProjectFile {
  readonly dockerfile: Dockerfile;
}

export interface RequirementsDocument extends ProjectFile {
  readonly requirements: RequirementsFile;
}

export interface PyprojectDocument extends ProjectFile {
  readonly pyproject: Pyproject;
}

export interface LockDocument extends ProjectFile {
  readonly lock: LockFile;
}

export interface CondaDocument extends ProjectFile {
  readonly environment: CondaEnvironment;
}

export interface PythonDocument extends ProjectFile {
  readonly module: PythonModule;
}

/** The ignore file that holds for a build, and where it stands. */
export interface IgnoreDocument extends ProjectFile {
  readonly ignore: Dockerignore;
}

/**
 * The project seen whole. One value per snapshot. Files are parsed when first asked for, and keep their parsed
 * form between snapshots while their text stays the same.
 */
export interface Project {
  readonly tree: FileTree;
  /** Files of the kind, .gitignored ones left out, in path order. */
  readonly dockerfiles: readonly DockerfileDocument[];
  readonly requirements: readonly RequirementsDocument[];
  readonly pyprojects: readonly PyprojectDocument[];
  /** uv.lock, poetry.lock, pylock.toml, Pipfile.lock. */
  readonly locks: readonly LockDocument[];
  readonly condaEnvironments: readonly CondaDocument[];
  readonly pythonFiles: readonly PythonDocument[];
  /** Every build of a Dockerfile that Compose, Bake, CI, Makefiles, scripts or READMEs state. */
  readonly builds: readonly Build[];
  /** Where a Dockerfile is built, and who says so. */
  contextOf(dockerfile: string): ContextAnswer;
  /** The ignore file for a Dockerfile in a context folder (`''` is the project's root); undefined when none is. */
  ignoreFor(dockerfile: string, contextFolder: string): IgnoreDocument | undefined;
  /** A requirements file and all it includes; a path that is no file of the project gives an empty closure. */
  requirementsFrom(path: string): RequirementsClosure;
}
