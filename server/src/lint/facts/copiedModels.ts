import type { CopyInstruction } from '../../project/dockerfile/dockerfile';
import type { Word } from '../../project/dockerfile/word';
import { pointedBytes } from '../../project/modelFiles/lfsPointer';
import { type ModelFile, type ModelFileSource, modelFile } from '../../project/modelFiles/modelFile';
import type { Project } from '../../project/project';
import { type CopiedFile, copiedFiles } from './copiedFiles';

/** What one source word of a COPY brings. */
export interface CopiedSource {
  readonly word: Word;
  readonly files: readonly CopiedFile[];
}

/** Each source word of a COPY with its files; empty where they cannot be told. */
export function copiedSources(
  copy: CopyInstruction,
  dockerfile: string,
  project: Project,
): readonly CopiedSource[] {
  const found: CopiedSource[] = [];
  for (const word of copy.sources) {
    const files = copiedFiles({ ...copy, sources: [word] }, dockerfile, project);
    if (!files) return [];
    found.push({ word, files });
  }
  return found;
}

/** The project's files as models are looked for in them: a Git LFS pointer has the size of what it points to. */
export function modelSource({ tree }: Project): ModelFileSource {
  return {
    sizeOf: (path) => pointedBytes(path, tree) ?? tree.sizeOf(path),
    headerOf: (path) => tree.headerOf(path),
    has: (path) => tree.has(path),
  };
}

/** Model weights among copied files. */
export function weightsIn(files: readonly CopiedFile[], project: Project): readonly ModelFile[] {
  const source = modelSource(project);
  return files.flatMap((file) => {
    const model = modelFile(file.source, source);
    return model?.role === 'weights' ? [model] : [];
  });
}

/** Their sum; undefined when a size is unknown. */
export function weightsBytes(files: readonly ModelFile[]): number | undefined {
  let sum = 0;
  for (const { sizeBytes } of files) {
    if (sizeBytes === undefined) return undefined;
    sum += sizeBytes;
  }
  return sum;
}
