import type { Message } from '../protocol/message';
import { graphsOf } from './graph';
import type { OnnxModel } from './readOnnx';

export interface ProviderFit {
  readonly provider: string;
  readonly ok: boolean;
  readonly why?: Message;
}

/** Integer operators of dynamic quantization: computed on the CPU only. */
const integerOperators = [
  'MatMulInteger',
  'ConvInteger',
  'DynamicQuantizeLinear',
  'DynamicQuantizeMatMul',
  'DynamicQuantizeLSTM',
  'QAttention',
];

/** Types onnxruntime's Node binding cannot name: it refuses to open a model with such an input or output. */
const unopenable = /^(bfloat16|complex|float8|float4|u?int[24]$)/;

/**
 * Which execution providers can take the whole graph, as far as operators and types tell. `ok` is false when
 * parts would fall back to the CPU or the model would be refused.
 */
export function providerFits(model: OnnxModel): ProviderFit[] {
  const types = new Set<string>();
  const contrib = new Set<string>();
  for (const { nodes } of graphsOf(model.graph)) {
    for (const { opType, domain } of nodes) {
      types.add(opType);
      if (domain !== '') contrib.add(opType);
    }
  }
  const integer = integerOperators.find((type) => types.has(type));
  const strange = [...model.graph.inputs, ...model.graph.outputs].find(({ type }) => unopenable.test(type));
  const cpu: Message | undefined = strange && {
    template: '{name} is of type {type}, which onnxruntime cannot take in or give out',
    with: { name: strange.name, type: strange.type },
  };
  const onCpuOnly: Message | undefined =
    integer === undefined
      ? undefined
      : { template: '{operator} is computed on the CPU', with: { operator: integer } };
  const own = [...contrib][0];
  const notStandard: Message | undefined =
    own === undefined
      ? undefined
      : {
          template: "{operator} is one of onnxruntime's own operators, not standard ONNX",
          with: { operator: own },
        };
  return [fit('CPU', cpu), fit('CUDA', cpu ?? onCpuOnly), fit('TensorRT', cpu ?? onCpuOnly ?? notStandard)];
}

function fit(provider: string, why: Message | undefined): ProviderFit {
  return why ? { provider, ok: false, why } : { provider, ok: true };
}
