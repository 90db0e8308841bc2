import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Answers, closeness } from '../verify/closeness';
import type { Sample } from '../verify/inputs';
import { openSession } from '../session/openSession';
import { type QuantizeRequest, quantizeModel } from './quantizeModel';

export interface ExclusionSearch {
  readonly request: QuantizeRequest;
  readonly samples: readonly Sample[];
  /** Least cosine of any sample's answer to float32's. */
  readonly floor: number;
  /** dist/worker.js. */
  readonly worker: string;
  readonly threads: number;
  readonly onStep?: (done: number, total: number) => void;
}

export interface Exclusions {
  /** Weights to leave in half precision, fewest found that meet the floor. */
  readonly names: readonly string[];
  readonly cosine: number;
}

/** Bytes all trial models may take together: it bounds the time of the scan. */
const trialBytes = 6e9;

const fewestTrials = 6;

/**
 * Finds which weights to keep out so that the answers stay above the floor. First every weight (or group of
 * neighbours, when the model is large) is quantized alone and its error measured; then the worst are excluded,
 * a few more each time. Errors do not simply add up, so each set is measured. undefined when no set reaches it.
 */
export async function findExclusions(search: ExclusionSearch): Promise<Exclusions | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-scan-'));
  try {
    const trial = new Trials(search, join(folder, 'trial.onnx'));
    await trial.start();
    const all = await trial.measure({});
    if (all.cosine >= search.floor) return { names: [], cosine: all.cosine };
    const groups = groupsOf(all.names, trialCount(search.request.model, all.names.length));
    const errors: { readonly names: readonly string[]; readonly error: number }[] = [];
    for (const names of groups) {
      errors.push({ names, error: (await trial.measure({ only: new Set(names) })).error });
      search.onStep?.(errors.length, groups.length);
    }
    errors.sort((a, b) => b.error - a.error);
    return await narrow(
      errors.map(({ names }) => names),
      search.floor,
      (exclude) => trial.measure({ exclude: [...search.request.exclude, ...exclude] }),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Doubles the number of excluded groups until the floor is met, then halves the last step. */
async function narrow(
  groups: readonly (readonly string[])[],
  floor: number,
  measure: (exclude: readonly string[]) => Promise<{ readonly cosine: number }>,
): Promise<Exclusions | undefined> {
  let failed = 0;
  let met: { readonly count: number; readonly cosine: number } | undefined;
  for (let count = 1; !met; count = Math.min(count * 2, groups.length)) {
    const { cosine } = await measure(groups.slice(0, count).flat());
    if (cosine >= floor) met = { count, cosine };
    else if (count === groups.length) return undefined;
    else failed = count;
  }
  while (met.count - failed > 1) {
    const middle = Math.floor((met.count + failed) / 2);
    const { cosine } = await measure(groups.slice(0, middle).flat());
    if (cosine >= floor) met = { count: middle, cosine };
    else failed = middle;
  }
  return { names: groups.slice(0, met.count).flat(), cosine: met.cosine };
}

class Trials {
  private expected: Answers[] = [];

  constructor(
    private readonly search: ExclusionSearch,
    private readonly path: string,
  ) {}

  async start(): Promise<void> {
    this.expected = await this.answers(this.search.request.model);
  }

  async measure(
    change: Partial<QuantizeRequest>,
  ): Promise<{ readonly names: readonly string[]; readonly cosine: number; readonly error: number }> {
    const { signal: _signal, onProgress: _onProgress, ...request } = this.search.request;
    const { tensors } = await quantizeModel({ ...request, ...change, out: this.path });
    const found = (await this.answers(this.path)).map((answers, index) =>
      closeness(this.expected[index] ?? {}, answers),
    );
    return {
      names: tensors.filter(({ to }) => to !== 'float16').map(({ name }) => name),
      cosine: Math.min(...found.map(({ cosine }) => cosine)),
      error: Math.max(...found.map(({ relativeError }) => relativeError)),
    };
  }

  private async answers(path: string): Promise<Answers[]> {
    const { samples, worker, threads, request } = this.search;
    const session = await openSession(worker, path, threads, request.signal);
    try {
      const answers: Answers[] = [];
      for (const sample of samples) answers.push((await session.run(sample)).outputs);
      return answers;
    } finally {
      session.close();
    }
  }
}

function trialCount(model: string, weights: number): number {
  return Math.min(weights, Math.max(fewestTrials, Math.floor(trialBytes / statSync(model).size)));
}

function groupsOf(names: readonly string[], count: number): string[][] {
  const size = Math.ceil(names.length / count);
  return Array.from({ length: Math.ceil(names.length / size) }, (_, index) =>
    names.slice(index * size, (index + 1) * size),
  );
}
