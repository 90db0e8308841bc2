import type { RequirementsFile } from './dependencies/requirements';
import type { Dockerfile } from './dockerfile/dockerfile';
import type { FileTree } from './fileTree';
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

/**
 * The project seen whole. One value per snapshot. Files are parsed when first asked for, and keep their parsed
 * form between snapshots while their text stays the same.
 */
export interface Project {
  readonly tree: FileTree;
  /** Files of the kind, .gitignored ones left out, in path order. */
  readonly dockerfiles: readonly DockerfileDocument[];
  readonly requirements: readonly RequirementsDocument[];
  readonly pyprojects: readonly ProjectFile[];
  readonly pythonFiles: readonly ProjectFile[];
}
