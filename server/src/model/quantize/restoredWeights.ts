import { dataType } from '../../onnx/dataType';
import { codeTensor, codesTensor, floatTensor, halfTensor, largestHalf, measure } from './numbers';
import type { Layout } from './numbers';
import type { Rewrite } from './rewrite';
import { type Scheme, signedWeights, stepOf } from './scheme';
import type { Weight } from './weights';

/** First opset whose DequantizeLinear takes a scale for each row or column. */
const perAxisOpset = 13;

/**
 * Stores a weight in half precision and casts it back under its old name. onnxruntime folds the cast when the
 * model is loaded, so nothing is slower. False when a number would not fit a half.
 */
export function storeHalf(rewrite: Rewrite, weight: Weight): boolean {
  const { tensor } = weight;
  const { lows, highs } = measure(rewrite.file, tensor, whole(weight));
  if (!(Math.max(-(lows[0] ?? 0), highs[0] ?? 0) <= largestHalf)) return false;
  const name = rewrite.fresh(`${weight.name}_fp16`);
  rewrite.replaceWeight(weight, [halfTensor(rewrite.file, tensor, name)], 'float16', {
    opType: 'Cast',
    name: rewrite.fresh(`${weight.name}_to_float32`),
    inputs: [name],
    outputs: [weight.name],
    attributes: [{ name: 'to', int: dataType.float32 }],
  });
  return true;
}

/**
 * Stores a weight as int8 with a scale for each row or column (`axis` of the tensor) and restores it by a
 * DequantizeLinear under its old name. False when the weight holds numbers that are not finite.
 */
export function storeInt8(rewrite: Rewrite, weight: Weight, layout: Layout, axis: number): boolean {
  const stored = int8Tensors(rewrite, weight, layout, signedWeights);
  if (!stored) return false;
  rewrite.replaceWeight(weight, stored.tensors, 'int8', {
    opType: 'DequantizeLinear',
    // Older models import no operators that new; onnxruntime's own form takes an axis at any opset.
    ...(rewrite.opset >= perAxisOpset ? {} : { domain: rewrite.contrib() }),
    name: rewrite.fresh(`${weight.name}_DequantizeLinear`),
    inputs: stored.tensors.map(({ name }) => name),
    outputs: [weight.name],
    attributes: [{ name: 'axis', int: axis }],
  });
  return true;
}

/** Codes, scale and zero point of a weight, named as onnxruntime's quantizer names them. */
export function int8Tensors(rewrite: Rewrite, weight: Weight, layout: Layout, scheme: Scheme) {
  const { lows, highs } = measure(rewrite.file, weight.tensor, layout);
  const steps = Array.from(lows, (low, index) => ({ low, high: highs[index] ?? 0 }));
  if (!steps.every(({ low, high }) => Number.isFinite(low) && Number.isFinite(high))) return undefined;
  const found = steps.map(({ low, high }) => stepOf(low, high, scheme));
  const dims = found.length === 1 ? [] : [found.length];
  const codes = codesTensor(
    rewrite.file,
    weight.tensor,
    rewrite.fresh(`${weight.name}_quantized`),
    layout,
    scheme,
    found,
  );
  const scale = floatTensor(
    rewrite.fresh(`${weight.name}_scale`),
    dims,
    found.map((step) => step.scale),
  );
  const zero = codeTensor(
    rewrite.fresh(`${weight.name}_zero_point`),
    dims,
    found.map((step) => step.zero),
    scheme,
  );
  return { codes, scale, zero, scales: found.map((step) => step.scale), tensors: [codes, scale, zero] };
}

/** One range over all numbers. */
export function whole({ tensor }: Weight): Layout {
  return { by: 'rows', rows: 1, columns: tensor.dims.reduce((product, dim) => product * dim, 1) };
}
