import { dataType } from './dataType';
import { attributeOf, graphsOf } from './graph';
import type { OnnxModel } from './readOnnx';

/**
 * How far a model is quantized already: `none` when its weights are float32, `fp16-storage` when they are halves
 * cast back, `fp16` when it computes in halves. In a file of several kinds the first that applies is named.
 */
export type Quantization = 'none' | 'fp16-storage' | 'fp16' | 'int8' | 'int8-weights' | 'int4' | 'qdq';

export function quantizationOf(model: OnnxModel): Quantization {
  const types = new Set<string>();
  let halves = 0;
  let nibbles = false;
  const castHalves = new Set<string>();
  for (const { nodes, initializers } of graphsOf(model.graph)) {
    const halfNames = new Set<string>();
    const note = (name: string, type: number) => {
      if (type === dataType.float16) halfNames.add(name);
      nibbles ||= type === dataType.int4 || type === dataType.uint4;
    };
    for (const tensor of initializers) note(tensor.name, tensor.dataType);
    for (const node of nodes) {
      types.add(node.opType);
      const value = attributeOf(node, 'value')?.tensor;
      if (node.opType === 'Constant' && value) note(node.outputs[0] ?? '', value.dataType);
      nibbles ||= node.opType === 'MatMulNBits' && (attributeOf(node, 'bits')?.int ?? 4) === 4;
      const [input = ''] = node.inputs;
      if (node.opType === 'Cast' && attributeOf(node, 'to')?.int === dataType.float32 && halfNames.has(input))
        castHalves.add(input);
    }
    halves += halfNames.size;
  }
  if (nibbles) return 'int4';
  if (
    [
      'MatMulInteger',
      'ConvInteger',
      'DynamicQuantizeLinear',
      'DynamicQuantizeMatMul',
      'DynamicQuantizeLSTM',
    ].some((type) => types.has(type))
  )
    return 'int8';
  if (['QuantizeLinear', 'QLinearConv', 'QLinearMatMul', 'QGemm'].some((type) => types.has(type)))
    return 'qdq';
  if (types.has('DequantizeLinear') || types.has('MatMulNBits') || types.has('GatherBlockQuantized'))
    return 'int8-weights';
  if (halves === 0) return 'none';
  return castHalves.size * 2 > halves ? 'fp16-storage' : 'fp16';
}
