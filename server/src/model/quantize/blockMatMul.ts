import type { NodeOut } from '../../onnx/modelEdit';
import { blockSize, blockTensors } from './blocks';
import { measure } from './numbers';
import { whole } from './restoredWeights';
import type { Rewrite } from './rewrite';
import type { Role } from './role';
import type { Weight } from './weights';

/** Compute on 8-bit codes. Without it onnxruntime multiplies in float32, up to 58 times slower at one row. */
const int8Compute = 4;

/**
 * A matrix product with 4-bit weights in blocks of 32, as onnxruntime's MatMulNBits: it needs no particular
 * opset. False when the weight holds numbers that are not finite.
 */
export function storeBlocks(
  rewrite: Rewrite,
  weight: Weight,
  role: Exclude<Role, { kind: 'mixed' }>,
  symmetric: boolean,
): boolean {
  const { lows, highs } = measure(rewrite.file, weight.tensor, whole(weight));
  if (!Number.isFinite(lows[0]) || !Number.isFinite(highs[0])) return false;
  const stored = blockTensors(rewrite.file, weight.tensor, role.transposed, symmetric, {
    codes: rewrite.fresh(`${weight.name}_Q4`),
    scales: rewrite.fresh(`${weight.name}_scales`),
    zeros: rewrite.fresh(`${weight.name}_zero_points`),
  });
  const tensors = [stored.codes, stored.scales, ...(stored.zeros ? [stored.zeros] : [])];
  rewrite.replaceWeight(weight, tensors, symmetric ? 'int4' : 'uint4');
  const [first = 0, second = 0] = weight.tensor.dims;
  const [k, n] = role.transposed ? [second, first] : [first, second];
  for (const { node, graph } of weight.uses) {
    const [activation = '', , bias = ''] = node.inputs;
    const [out = ''] = node.outputs;
    const product = bias === '' ? out : rewrite.fresh(`${out}_product`);
    const nodes: NodeOut[] = [
      {
        opType: 'MatMulNBits',
        domain: rewrite.contrib(),
        name: rewrite.fresh(`${node.name || out}_Q4`),
        inputs: [activation, ...tensors.map(({ name }) => name)],
        outputs: [product],
        attributes: [
          { name: 'K', int: k },
          { name: 'N', int: n },
          { name: 'bits', int: 4 },
          { name: 'block_size', int: blockSize },
          { name: 'accuracy_level', int: int8Compute },
        ],
      },
    ];
    if (bias !== '')
      nodes.push({
        opType: 'Add',
        name: rewrite.fresh(`${node.name || out}_bias`),
        inputs: [product, bias],
        outputs: [out],
      });
    rewrite.replaceNode(graph, node, nodes);
  }
  return true;
}
