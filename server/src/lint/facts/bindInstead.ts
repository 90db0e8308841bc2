import type {
  CopyInstruction,
  Dockerfile,
  Instruction,
  RunInstruction,
  Stage,
} from '../../project/dockerfile/dockerfile';
import { packageCommandsOf } from './stageFacts';
import type { HitFix, SpanEdit } from '../rule';
import { absolutePath } from './commandFolders';
import type { Removal } from './removals';
import { stageNamed } from './shippedStages';
import { wholeLines } from './wholeLines';
import { withoutCommand } from './withoutCommand';

/**
 * Mounts a folder of another stage into the RUN that installs from it, instead of copying it in and removing it
 * later. Undefined unless one COPY brings the one folder, Python installers are all that read it, and the removal
 * names nothing else.
 */
export function bindInstead(
  dockerfile: Dockerfile,
  stage: Stage,
  copy: CopyInstruction,
  removal: Removal,
  removingRun: RunInstruction,
): HitFix | undefined {
  const { source } = dockerfile;
  const [from] = copy.sources;
  const to = copy.destination?.value;
  if (!copy.from?.valueSpan || !from || copy.sources.length !== 1 || !stage.instructions.includes(copy))
    return undefined;
  if (!stageNamed(dockerfile, copy.from.value, stage.index)) return undefined;
  if (from.value.state !== 'known' || to?.state !== 'known' || !to.value.startsWith('/')) return undefined;
  const folder = plainFolder(from.value.value);
  const target = plainFolder(to.value);
  if (folder === undefined || target === undefined || removal.path.state !== 'known') return undefined;
  if (plainFolder(removal.path.value.replace(/\/\*$/, '')) !== target) return undefined;
  const users = stage.instructions.filter(
    (instruction) =>
      instruction.span.start > copy.span.end && source.slice(instruction.span).includes(target),
  );
  const readers = users.filter((instruction) => instruction !== removingRun || readsIt(removingRun, target));
  if (readers.length === 0 || !readers.every((reader) => readsIt(reader, target))) return undefined;
  const isOnlyPath = removal.command.words.filter((word) => !word.raw.startsWith('-')).length === 1;
  const removalEdit = isOnlyPath ? withoutCommand(removingRun, removal.command, source) : undefined;
  if (!removalEdit) return undefined;
  const stageWord = source.slice(copy.from.valueSpan);
  const mount = ` --mount=type=bind,from=${stageWord},source=${folder},target=${target}`;
  const mounts = readers.map((reader): SpanEdit => {
    const { end } = reader.keywordSpan;
    return { span: { start: end, end }, newText: mount };
  });
  return {
    kind: 'derived',
    title: 'Mount {path} into the RUN that installs from it',
    with: { path: target },
    edits: [{ span: wholeLines(copy, source), newText: '' }, ...mounts, removalEdit],
  };
}

/** Absolute and plain; undefined for a pattern, a file by its ending, or the root. */
function plainFolder(path: string): string | undefined {
  const folder = absolutePath({ state: 'known', value: '/' }, path);
  if (folder.state !== 'known' || folder.value === '/') return undefined;
  return /[*?[\]\s,"']|\.(whl|txt|gz|zip|toml)$/.test(folder.value) ? undefined : folder.value;
}

/** A RUN whose mentions of the folder are all arguments of pip or uv installs, or of the removal. */
function readsIt(instruction: Instruction, folder: string): instruction is RunInstruction {
  if (instruction.kind !== 'run' || instruction.onbuild || instruction.form === 'exec') return false;
  const installs = packageCommandsOf(instruction).filter(
    ({ manager, action }) => (manager === 'pip' || manager === 'uv') && action === 'install',
  );
  const { commands } = instruction.script;
  const reading = commands.filter(
    ({ words, program }) => program !== 'rm' && words.some((word) => word.raw.includes(folder)),
  );
  return (
    reading.length > 0 && reading.every((command) => installs.some((install) => install.command === command))
  );
}
