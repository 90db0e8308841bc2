import type { Dockerfile, Stage } from '../../project/dockerfile/dockerfile';
import { stageNamed } from './shippedStages';

/**
 * The last stage, its parents, and every stage they take files from by COPY or a bind mount, in file order: what
 * is installed there may reach the image.
 */
export function contributingStages(dockerfile: Dockerfile): readonly Stage[] {
  const found = new Set<Stage>();
  const waiting = dockerfile.finalStage ? [dockerfile.finalStage] : [];
  for (let stage = waiting.pop(); stage; stage = waiting.pop()) {
    if (found.has(stage)) continue;
    found.add(stage);
    if (stage.parent) waiting.push(stage.parent);
    for (const source of sourcesOf(dockerfile, stage)) waiting.push(source);
  }
  return dockerfile.stages.filter((stage) => found.has(stage));
}

function* sourcesOf(dockerfile: Dockerfile, stage: Stage): Generator<Stage> {
  for (const instruction of stage.instructions) {
    const names =
      instruction.kind === 'copy'
        ? [instruction.from?.value]
        : instruction.kind === 'run'
          ? instruction.mounts.map(({ options }) => {
              const from = options.get('from');
              return from === undefined ? undefined : ({ state: 'known', value: from } as const);
            })
          : [];
    for (const name of names) {
      const source = name && stageNamed(dockerfile, name, stage.index);
      if (source) yield source;
    }
  }
}
