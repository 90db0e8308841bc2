import type { Answer } from '../../project/answer';
import type { RunInstruction, Stage } from '../../project/dockerfile/dockerfile';
import type { DockerfileDocument, Project } from '../../project/project';
import { absolutePath } from './commandFolders';
import { copiedFiles } from './copiedFiles';
import { instructionsOf } from './stageFacts';

export interface PlaceInBuild {
  readonly document: DockerfileDocument;
  readonly project: Project;
  readonly stage: Stage;
  readonly run: RunInstruction;
}

/**
 * The file of the project that a path means inside a RUN: bound from the context by a mount, or copied by an
 * earlier instruction of the stage's chain. Undefined when nobody can tell.
 */
export function projectFileAt(
  written: string,
  folder: Answer<string>,
  { document, project, stage, run }: PlaceInBuild,
): string | undefined {
  const target = absolutePath(folder, written);
  if (target.state !== 'known') return undefined;
  return (
    boundFile(target.value, run, document, project) ?? copiedFile(target.value, run, stage, document, project)
  );
}

function copiedFile(
  target: string,
  run: RunInstruction,
  stage: Stage,
  document: DockerfileDocument,
  project: Project,
): string | undefined {
  for (const instruction of instructionsOf(stage).toReversed()) {
    if (instruction.kind !== 'copy' || instruction.span.start > run.span.start) continue;
    const found = copiedFiles(instruction, document.path, project)?.find((file) => file.target === target);
    if (found) return found.source;
  }
  return undefined;
}

/** `RUN --mount=type=bind,source=requirements.txt,target=/tmp/r.txt`. */
function boundFile(
  target: string,
  run: RunInstruction,
  document: DockerfileDocument,
  project: Project,
): string | undefined {
  const context = project.contextOf(document.path).context;
  if (context.state !== 'known') return undefined;
  for (const { type, options } of run.mounts) {
    if (type !== 'bind' || options.has('from')) continue;
    const mounted = absolutePath(run.before.workdir, options.get('target') ?? '');
    if (mounted.state !== 'known') continue;
    const inside =
      target === mounted.value
        ? ''
        : target.startsWith(`${mounted.value.replace(/\/$/, '')}/`)
          ? target.slice(mounted.value.replace(/\/$/, '').length)
          : undefined;
    if (inside === undefined) continue;
    const path = [context.value.folder, options.get('source') ?? '', inside]
      .join('/')
      .split('/')
      .filter((part) => part !== '' && part !== '.')
      .join('/');
    if (project.tree.has(path)) return path;
  }
  return undefined;
}
