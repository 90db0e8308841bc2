import { resolve } from 'node:path';
import { usageFailure } from '../failure';

/** The wanted number of operands as absolute paths. */
export function modelPaths(command: string, operands: readonly string[], wanted: number): string[] {
  if (operands.length === wanted) return operands.map((path) => resolve(path));
  throw usageFailure(
    { template: 'Wrong usage of plimsoll {command}', with: { command } },
    wanted === 1 ? { template: 'It takes one model' } : { template: 'It takes two models' },
    { template: 'See plimsoll {command} --help', with: { command } },
  );
}

/** The number of a `--floor`, between 0 and 1. */
export function floorOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const floor = Number(text);
  if (text.trim() !== '' && floor >= 0 && floor <= 1) return floor;
  throw usageFailure(
    { template: '--floor does not take {value}', with: { value: text } },
    { template: 'It is the least cosine, between 0 and 1' },
    { template: 'Try --floor 0.999' },
  );
}
