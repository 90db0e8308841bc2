import { known } from '../../project/answer';
import { baseWorkdir } from '../../project/dockerfile/baseWorkdir';
import type { RunInstruction, Stage } from '../../project/dockerfile/dockerfile';
import type { DockerfileDocument, Project } from '../../project/project';
import { packageCommand } from '../../project/shell/packageCommand';
import { type CopiedFile, copiedFiles } from './copiedFiles';
import { instructionsOf } from './stageFacts';

/** Programs that bring no file of the service into the image. */
const bringNothing = new Set(
  'useradd adduser groupadd addgroup usermod mkdir chown chmod rm set true echo update-ca-certificates sed test ['.split(
    ' ',
  ),
);

/**
 * Every file of the project that the stage's COPYs put into its image. Undefined where files may be there that
 * nobody can see: an unlisted base, a copy from a stage, a RUN that fetches, moves or writes files.
 */
export function imageFiles(
  stage: Stage,
  document: DockerfileDocument,
  project: Project,
): readonly CopiedFile[] | undefined {
  if (stage.base.state !== 'known' || baseWorkdir(stage.base.value).state !== 'known') return undefined;
  const found: CopiedFile[] = [];
  for (const instruction of instructionsOf(stage)) {
    if (instruction.kind === 'run' && mayMakeFiles(instruction)) return undefined;
    if (instruction.kind !== 'copy') continue;
    const files = copiedFiles(instruction, document.path, project);
    if (!files) return undefined;
    found.push(...files);
  }
  return found;
}

/** A program whose doing nobody lists, or output written to a file. */
function mayMakeFiles(run: RunInstruction): boolean {
  if (run.script.commands.length === 0) return true;
  return run.script.commands.some((command) => {
    const writes = command.redirections.some(
      ({ operator, target }) =>
        operator.includes('>') &&
        target !== undefined &&
        target.raw !== '/dev/null' &&
        !/^&?\d$/.test(target.raw),
    );
    const installsPackages =
      packageCommand(command) !== undefined && (packageCommand(command)?.localSources.length ?? 0) === 0;
    return writes || !(installsPackages || bringNothing.has(command.program));
  });
}

/** Absolute path of a word that a process started in the stage's folder names; undefined where that is unknown. */
export function pathAtStart(stage: Stage, written: string): string | undefined {
  if (written.startsWith('/')) return written;
  const folder = stage.end.workdir.state === 'known' ? stage.end.workdir : known('');
  if (folder.value === '') return undefined;
  return `${folder.value === '/' ? '' : folder.value}/${written.replace(/^(\.\/)+/, '')}`;
}
