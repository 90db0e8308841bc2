import type { CopyInstruction, Dockerfile, Stage } from '../../project/dockerfile/dockerfile';
import { packageCommandsOf, runsOf, stageChain } from './stageFacts';
import { absolutePath } from './commandFolders';
import { stageNamed } from './shippedStages';

/** A COPY that brings a folder of wheels another stage collected, dependencies included. */
export interface WheelCopy {
  readonly copy: CopyInstruction;
  /** Folder in the other stage, absolute. */
  readonly source: string;
  /** Folder in this stage, absolute, without trailing slash. */
  readonly destination: string;
}

/** The wheel copies of a stage: `COPY --from=build /wheels /wheels` where `build` ran `pip wheel -w /wheels`. */
export function wheelCopies(dockerfile: Dockerfile, stage: Stage): readonly WheelCopy[] {
  return stage.instructions.flatMap((instruction): readonly WheelCopy[] => {
    if (instruction.kind !== 'copy' || instruction.onbuild || !instruction.from) return [];
    const [word] = instruction.sources;
    const target = instruction.destination?.value;
    if (
      !word ||
      instruction.sources.length !== 1 ||
      word.value.state !== 'known' ||
      target?.state !== 'known'
    )
      return [];
    const builder = stageNamed(dockerfile, instruction.from.value, stage.index);
    const source = absolutePath({ state: 'known', value: '/' }, word.value.value);
    const destination = absolutePath(instruction.before.workdir, target.value);
    if (!builder || source.state !== 'known' || destination.state !== 'known') return [];
    if (!collectedWheels(builder).has(source.value)) return [];
    return [{ copy: instruction, source: source.value, destination: destination.value }];
  });
}

/** Folders that `pip wheel -w` and `pip download -d` of a stage fill, absolute. */
function collectedWheels(stage: Stage): ReadonlySet<string> {
  const folders = stageChain(stage).flatMap((link) =>
    runsOf(link.instructions).flatMap((run) =>
      packageCommandsOf(run)
        .filter(({ manager, action }) => manager === 'pip' && action === 'download')
        .flatMap(({ options }) => {
          const option = options.find(({ name }) => /^(-w|--wheel-dir|-d|--dest)$/.test(name));
          const path =
            option?.value === undefined ? undefined : absolutePath(run.before.workdir, option.value);
          return path?.state === 'known' ? [path.value] : [];
        }),
    ),
  );
  return new Set(folders);
}
