import { type BaseImage, describeBaseImage } from '../../project/baseImage';
import { classifiedDockerfile } from '../../project/classify/classifiedDockerfile';
import { type Classification, classifyDockerfile } from '../../project/classify/classifyDockerfile';
import { absent, type Answer, known, unknown } from '../../project/answer';
import type { Dockerfile, Instruction, RunInstruction, Stage } from '../../project/dockerfile/dockerfile';
import { type PackageCommand, packageCommand } from '../../project/shell/packageCommand';

/** Facts of the image at the root of a stage's chain; `scratch` is described too. */
export function baseOf(stage: Stage): BaseImage {
  if (stage.base.state === 'absent') return describeBaseImage('scratch');
  return describeBaseImage(stage.base.state === 'known' ? stage.base.value.text : '');
}

/** The stage and its parents, outermost base first: what its image consists of, besides copies. */
export function stageChain(stage: Stage): readonly Stage[] {
  return stage.parent ? [...stageChain(stage.parent), stage] : [stage];
}

const chainInstructions = new WeakMap<Stage, readonly Instruction[]>();

/** Instructions whose layers are in the stage's image, in build order, ONBUILD left out. */
export function instructionsOf(stage: Stage): readonly Instruction[] {
  const known = chainInstructions.get(stage);
  if (known) return known;
  const found = stageChain(stage).flatMap((link) =>
    link.instructions.filter((instruction) => !instruction.onbuild),
  );
  chainInstructions.set(stage, found);
  return found;
}

/** RUN instructions, ONBUILD's included: their text is as wrong there. */
export function runsOf(instructions: readonly Instruction[]): readonly RunInstruction[] {
  return instructions.filter((instruction) => instruction.kind === 'run');
}

/** What a RUN asks of package managers, in order. */
export function packageCommandsOf(run: RunInstruction): readonly PackageCommand[] {
  return run.script.commands.flatMap((command) => packageCommand(command) ?? []);
}

const classified = new WeakMap<Dockerfile, Classification>();

/** What the Dockerfile is for. Rules about the final stage speak only where this is `serving`. */
export function purposeOf(dockerfile: Dockerfile): Classification {
  let found = classified.get(dockerfile);
  if (!found) {
    found = classifyDockerfile(classifiedDockerfile(dockerfile));
    classified.set(dockerfile, found);
  }
  return found;
}

/** ENTRYPOINT's words followed by CMD's, a shell form's script read as its first command. */
export function startWords(stage: Stage): Answer<readonly string[]> {
  const parts = [stage.entrypoint, stage.cmd].filter((part) => part !== undefined);
  if (parts.length === 0) return absent;
  const words: string[] = [];
  for (const { command } of parts) {
    const script = command.script;
    const first = script?.commands.find(
      ({ program }) => program !== '' && program !== 'cd' && program !== 'export',
    );
    const found = script ? (first ? [first.name, ...first.words] : []) : command.words;
    for (const word of found) words.push(word.value.state === 'known' ? word.value.value : word.raw);
  }
  return words.length === 0 ? unknown : known(words);
}
