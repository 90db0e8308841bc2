import { dataType } from '../../onnx/dataType';
import type { NodeOut } from '../../onnx/modelEdit';
import type { Layout } from './numbers';
import { int8Tensors, whole } from './restoredWeights';
import type { Rewrite } from './rewrite';
import { signedWeights, unsignedWeights } from './scheme';
import type { Weight } from './weights';

/** First opset with DequantizeLinear. */
const dequantizeOpset = 10;

/**
 * An embedding table as int8 with a scale for each row: the looked-up codes meet the looked-up scales, so the
 * table itself is never expanded. False when it holds numbers that are not finite.
 */
export function embedByRow(rewrite: Rewrite, weight: Weight, layout: Layout): boolean {
  const stored = int8Tensors(rewrite, weight, layout, signedWeights);
  if (!stored) return false;
  const scale = { ...stored.scale, dims: [layout.rows, 1] };
  rewrite.replaceWeight(weight, [stored.codes, scale], 'int8');
  for (const { node, graph } of weight.uses) {
    const [, ids = ''] = node.inputs;
    const [out = ''] = node.outputs;
    const [codes, scales, floats] = [
      rewrite.fresh(`${out}_quantized`),
      rewrite.fresh(`${out}_scale`),
      rewrite.fresh(`${out}_cast`),
    ];
    const nodes: NodeOut[] = [
      {
        opType: 'Gather',
        name: rewrite.fresh(`${node.name || out}_quant`),
        inputs: [stored.codes.name, ids],
        outputs: [codes],
      },
      {
        opType: 'Gather',
        name: rewrite.fresh(`${node.name || out}_scale`),
        inputs: [scale.name, ids],
        outputs: [scales],
      },
      {
        opType: 'Cast',
        name: rewrite.fresh(`${node.name || out}_cast`),
        inputs: [codes],
        outputs: [floats],
        attributes: [{ name: 'to', int: dataType.float32 }],
      },
      {
        opType: 'Mul',
        name: rewrite.fresh(`${node.name || out}_dequantized`),
        inputs: [floats, scales],
        outputs: [out],
      },
    ];
    rewrite.replaceNode(graph, node, nodes);
  }
  return true;
}

/** The same with one scale for the table and unsigned codes, as onnxruntime's quantizer does it whatever the weights are. */
export function embedWhole(rewrite: Rewrite, weight: Weight): boolean {
  const stored = int8Tensors(rewrite, weight, whole(weight), unsignedWeights);
  if (!stored) return false;
  rewrite.replaceWeight(weight, stored.tensors, 'uint8');
  for (const { node, graph } of weight.uses) {
    const [, ids = ''] = node.inputs;
    const [out = ''] = node.outputs;
    const codes = rewrite.fresh(`${out}_quantized`);
    rewrite.replaceNode(graph, node, [
      {
        opType: 'Gather',
        name: rewrite.fresh(`${node.name || out}_quant`),
        inputs: [stored.codes.name, ids],
        outputs: [codes],
      },
      {
        opType: 'DequantizeLinear',
        ...(rewrite.opset >= dequantizeOpset ? {} : { domain: rewrite.contrib() }),
        name: rewrite.fresh(`${out}_DequantizeLinear`),
        inputs: [codes, stored.scale.name, stored.zero.name],
        outputs: [out],
      },
    ]);
  }
  return true;
}
