import type { ModelSession } from '../session/openSession';
import type { Sample } from './inputs';

/** Times of two models on the same sample, run in turns so that a busy or hot machine slows both alike. */
export interface Latency {
  readonly a: readonly number[];
  readonly b: readonly number[];
}

const warmUps = 10;
const warmUpLimitMs = 2000;
const mostRuns = 60;
const fewestRuns = 10;

/** Measures until there are enough runs or `limitMs` has passed, but never fewer than ten pairs. */
export async function measureLatency(
  a: ModelSession,
  b: ModelSession,
  sample: Sample,
  limitMs: number,
  signal?: AbortSignal,
): Promise<Latency> {
  const times: { a: number[]; b: number[] } = { a: [], b: [] };
  for (const session of [a, b]) {
    const end = performance.now() + warmUpLimitMs;
    for (let run = 0; run < warmUps && performance.now() < end; run += 1) await session.run(sample, false);
  }
  const end = performance.now() + limitMs;
  while (times.a.length < mostRuns && (times.a.length < fewestRuns || performance.now() < end)) {
    signal?.throwIfAborted();
    // Who goes first alternates: the second run of a pair finds warmer caches.
    const first = times.a.length % 2 === 0;
    if (first) times.a.push((await a.run(sample, false)).ms);
    times.b.push((await b.run(sample, false)).ms);
    if (!first) times.a.push((await a.run(sample, false)).ms);
  }
  return times;
}

/** `share` of 0.5 is the median. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((x, y) => x - y);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

/** A change of the median that is smaller than this is not told as one. */
const smallestChange = 0.05;

/** Share of pairs that must agree with the median: chance gives 0.5, and 0.75 of 40 pairs once in 1000. */
const agreeingPairs = 0.75;

/** How many times faster `b` is than `a`; undefined when the measurement does not tell them apart. */
export function speedup({ a, b }: Latency): number | undefined {
  const ratio = percentile(a, 0.5) / percentile(b, 0.5);
  if (Math.abs(Math.log(ratio)) < Math.log(1 + smallestChange)) return undefined;
  const faster = a.filter((time, index) => (b[index] ?? 0) < time).length / a.length;
  return (ratio > 1 ? faster : 1 - faster) >= agreeingPairs ? ratio : undefined;
}
