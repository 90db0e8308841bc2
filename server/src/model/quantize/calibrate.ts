import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataType } from '../../onnx/dataType';
import { editOf, newModelEdit } from '../../onnx/modelEdit';
import { openModel } from '../modelFile';
import { openSession } from '../session/openSession';
import { floatsOf } from '../session/values';
import type { Sample } from '../verify/inputs';
import { writeModel } from '../writeModel';
import { staticLayers } from './staticPlan';

/** Smallest and largest number seen at a value of the graph. */
export interface Seen {
  readonly low: number;
  readonly high: number;
}

export interface Calibration {
  readonly model: string;
  readonly samples: readonly Sample[];
  /** dist/worker.js. */
  readonly worker: string;
  readonly threads: number;
  readonly signal?: AbortSignal;
  readonly onStep?: (done: number, total: number) => void;
}

/**
 * Runs the model on samples and notes the range of every value that static quantization needs. One sample is
 * looked at and forgotten before the next, so memory does not grow with their number.
 */
export async function calibrate({
  model,
  samples,
  worker,
  threads,
  signal,
  onStep,
}: Calibration): Promise<ReadonlyMap<string, Seen>> {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-calibrate-'));
  try {
    const file = openModel(model);
    const layers = staticLayers(file.model);
    const { graph } = file.model;
    const given = new Set([...graph.outputs, ...graph.inputs].map(({ name }) => name));
    const wanted = new Set(layers.flatMap(({ input, output }) => [input, output]));
    const edit = newModelEdit();
    for (const name of wanted)
      if (!given.has(name)) editOf(edit, graph).addedOutputs.push({ name, elementType: dataType.float32 });
    const open = join(folder, 'open.onnx');
    await writeModel(file, edit, open);
    file.close();
    const seen = new Map<string, Seen>();
    const session = await openSession(worker, open, threads, signal);
    try {
      for (const [index, sample] of samples.entries()) {
        const { outputs } = await session.run(sample);
        for (const [name, values] of Object.entries({ ...outputs, ...sample })) {
          const numbers = wanted.has(name) ? floatsOf(values) : undefined;
          if (numbers) seen.set(name, widened(seen.get(name), numbers));
        }
        onStep?.(index + 1, samples.length);
      }
    } finally {
      session.close();
    }
    return seen;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function widened(before: Seen | undefined, numbers: Float64Array): Seen {
  let { low, high } = before ?? { low: 0, high: 0 };
  for (const value of numbers) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return { low, high };
}
