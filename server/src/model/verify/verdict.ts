import type { Message } from '../../protocol/message';

/**
 * same: no difference that matters · close: small, measured · drifts: look before use · differs: another model ·
 * unknown: the first model answered all samples alike, so likeness says nothing.
 */
export type Outcome = 'same' | 'close' | 'drifts' | 'differs' | 'unknown';

export interface Measured {
  readonly cosineMin: number;
  readonly relativeError: number;
  /** Share of rows with a clear winner where both chose the same; undefined when the model chooses nothing. */
  readonly agreement: number | undefined;
  /** False when the first model's answers do not depend on the sample. */
  readonly responsive: boolean;
  readonly bytes: { readonly a: number; readonly b: number };
  /** How many times faster b is; undefined when the measurement does not tell. */
  readonly speedup: number | undefined;
}

/**
 * Limits. Half storage measured 2e-4 relative error on one product and 5e-3 over twelve layers; 8-bit weights
 * 1e-2 and a cosine of 0.9988. Cosine 0.999 and 0.99 with agreement 99 % and 97 % are the reference's proposal.
 */
const same = { cosine: 0.9999, error: 0.01, agreement: 1 };
const close = { cosine: 0.998, error: 0.065, agreement: 0.99 };
const drifts = { cosine: 0.99, error: 0.15, agreement: 0.97 };

export function outcomeOf({ cosineMin, relativeError, agreement = 1, responsive }: Measured): Outcome {
  const alike = (limit: typeof drifts) =>
    cosineMin >= limit.cosine && relativeError <= limit.error && agreement >= limit.agreement;
  if (!responsive && alike(drifts)) return 'unknown';
  if (alike(same)) return 'same';
  if (alike(close)) return 'close';
  if (alike(drifts)) return 'drifts';
  return 'differs';
}

/** One sentence. "Faster" and "smaller" are said only of what was measured, and never of answers that are wrong. */
export function verdictOf(measured: Measured): Message {
  const { bytes, speedup, agreement, cosineMin } = measured;
  const values = {
    cosine: cosineMin.toFixed(4),
    agreement: ((agreement ?? 1) * 100).toFixed(1),
    smaller: ((1 - bytes.b / bytes.a) * 100).toFixed(0),
    times: (speedup === undefined ? 1 : Math.max(speedup, 1 / speedup)).toFixed(1),
  };
  switch (outcomeOf(measured)) {
    case 'unknown':
      return {
        template:
          'Nothing can be told: the first model answers all these inputs alike. Give real ones with --inputs or --text',
      };
    case 'differs':
      return {
        template:
          agreement === undefined
            ? 'The answers differ (cosine {cosine}): do not use it in the place of the first'
            : 'The answers differ (cosine {cosine}, same choice in {agreement} %): do not use it in the place of the first',
        with: values,
      };
    case 'drifts':
      return {
        template:
          agreement === undefined
            ? 'The answers drift (cosine {cosine}): check it on your own data, or exclude the most sensitive layers'
            : 'The answers drift (cosine {cosine}, same choice in {agreement} %): check it on your own data, or exclude the most sensitive layers',
        with: values,
      };
    case 'close':
      return { template: closeTexts[gain(speedup)][bytes.b < bytes.a ? 'smaller' : 'not'], with: values };
    default:
      return { template: sameTexts[gain(speedup)][bytes.b < bytes.a ? 'smaller' : 'not'], with: values };
  }
}

function gain(speedup: number | undefined): 'faster' | 'slower' | 'even' {
  if (speedup === undefined) return 'even';
  return speedup > 1 ? 'faster' : 'slower';
}

const sameTexts = {
  faster: {
    smaller: 'The same answers, {times} times faster and {smaller} % smaller',
    not: 'The same answers, {times} times faster',
  },
  slower: {
    smaller: 'The same answers, {smaller} % smaller, but {times} times slower',
    not: 'The same answers, but {times} times slower',
  },
  even: {
    smaller: 'The same answers, {smaller} % smaller, no difference in speed that could be measured',
    not: 'The same answers, no difference in speed that could be measured',
  },
} as const;

const closeTexts = {
  faster: {
    smaller: 'Close answers (cosine {cosine}), {times} times faster and {smaller} % smaller',
    not: 'Close answers (cosine {cosine}), {times} times faster',
  },
  slower: {
    smaller: 'Close answers (cosine {cosine}), {smaller} % smaller, but {times} times slower',
    not: 'Close answers (cosine {cosine}), but {times} times slower',
  },
  even: {
    smaller:
      'Close answers (cosine {cosine}), {smaller} % smaller, no difference in speed that could be measured',
    not: 'Close answers (cosine {cosine}), no difference in speed that could be measured',
  },
} as const;
