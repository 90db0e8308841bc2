import type { Dockerfile, Stage } from '../../project/dockerfile/dockerfile';
import type { HitFix } from '../rule';
import { stageChain } from './stageFacts';

/** The same CUDA image in another flavour; cuDNN goes with `-base`, which has none. */
export function otherFlavor(
  raw: string,
  start: number,
  flavor: 'base' | 'runtime',
  root: Stage,
  dockerfile: Dockerfile,
): HitFix | undefined {
  // Another stage may build on it, and need what is dropped.
  const others = dockerfile.stages.filter((stage) => !stage.shipped && stageChain(stage).includes(root));
  const match = /(-cudnn\d*)?-(?:devel|runtime)\b/.exec(raw);
  if (others.length > 0 || !match || raw.includes('@')) return undefined;
  const kept = flavor === 'runtime' ? (match[1] ?? '') : '';
  const span = { start: start + match.index, end: start + match.index + match[0].length };
  const newText = `${kept}-${flavor}`;
  return {
    kind: 'derived',
    title: 'Start from {image}',
    with: { image: raw.replace(match[0], newText) },
    edits: [{ span, newText }],
  };
}
