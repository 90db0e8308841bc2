/** How 8-bit codes relate to numbers: `number = scale * (code - zero)`. Ranges are onnxruntime's (quant_utils.py). */
export interface Scheme {
  readonly signed: boolean;
  readonly low: number;
  readonly high: number;
  readonly symmetric: boolean;
}

/** Weights for kernels that multiply unsigned activations by signed weights. */
export const signedWeights: Scheme = { signed: true, low: -127, high: 127, symmetric: true };

/** One bit less: products of two neighbours fit the 16-bit sums of AVX2 without VNNI. */
export const reducedWeights: Scheme = { signed: true, low: -64, high: 64, symmetric: true };

/** Weights for AVX2 without VNNI: the full range there, no saturation. */
export const unsignedWeights: Scheme = { signed: false, low: 0, high: 255, symmetric: false };

/** Activations of static quantization on CPUs. */
export const unsignedActivations: Scheme = { ...unsignedWeights };

/** Smallest normal float32: onnxruntime stores scale 1 for anything below. */
const smallestScale = 2 ** -126;

export interface Step {
  /** Rounded to float32. */
  readonly scale: number;
  readonly zero: number;
}

/** Scale and zero point for numbers between `low` and `high`, in double precision as onnxruntime computes them. */
export function stepOf(low: number, high: number, scheme: Scheme): Step {
  let bottom = Math.min(low, 0);
  let top = Math.max(high, 0);
  if (scheme.symmetric) {
    top = Math.max(-bottom, top);
    bottom = -top;
  }
  const scale = (top - bottom) / (scheme.high - scheme.low);
  if (!(scale >= smallestScale)) return { scale: 1, zero: 0 };
  const zero = scheme.symmetric
    ? halfEven((scheme.high + scheme.low) / 2)
    : halfEven(scheme.low - bottom / scale);
  return { scale: Math.fround(scale), zero };
}

/** To the nearest integer, ties to even, as numpy rounds. */
function halfEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
