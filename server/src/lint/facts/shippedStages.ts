import type { Dockerfile, Stage } from '../../project/dockerfile/dockerfile';

/**
 * Stages whose layers or whole content reach the image of the last stage: the last, its parents, and stages of which
 * one of these copies `/`, with their parents.
 */
export function shippedStages(dockerfile: Dockerfile): readonly Stage[] {
  const shipped = new Set(dockerfile.stages.filter((stage) => stage.shipped));
  // Copies only look back, so one walk from the end sees every chain.
  for (const stage of dockerfile.stages.toReversed()) {
    if (!shipped.has(stage)) continue;
    if (stage.parent) shipped.add(stage.parent);
    for (const source of wholeCopies(dockerfile, stage)) shipped.add(source);
  }
  return dockerfile.stages.filter((stage) => shipped.has(stage));
}

function* wholeCopies(dockerfile: Dockerfile, stage: Stage): Generator<Stage> {
  for (const instruction of stage.instructions) {
    if (instruction.kind !== 'copy' || instruction.onbuild || !instruction.from) continue;
    const copiesAll = instruction.sources.some(({ value }) => value.state === 'known' && value.value === '/');
    const source = copiesAll ? stageNamed(dockerfile, instruction.from.value, stage.index) : undefined;
    if (source) yield source;
  }
}

/** The stage before `before` that a `--from` names, by name or number. */
export function stageNamed(
  dockerfile: Dockerfile,
  from: Stage['end']['user'],
  before: number,
): Stage | undefined {
  if (from.state !== 'known') return undefined;
  const earlier = dockerfile.stages.slice(0, before);
  const name = from.value.toLowerCase();
  return (
    earlier.findLast((stage) => stage.name === name) ??
    (/^\d+$/.test(name) ? earlier[Number(name)] : undefined)
  );
}
