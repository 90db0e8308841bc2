import { dataTypeName } from './dataType';
import { type Graph, attributeOf, graphsOf } from './graph';
import { type Quantization, quantizationOf } from './quantizationOf';
import type { OnnxModel } from './readOnnx';
import { type Tensor, tensorBytes } from './tensor';
import type { ValueInfo } from './valueType';

export interface TensorFacts {
  readonly name: string;
  readonly type: string;
  readonly dims: readonly number[];
  readonly bytes: number;
  /** The file beside the model that holds the numbers; undefined when they are inside. */
  readonly external: string | undefined;
  /** Operators that consume it, for a sum of bytes by operator. */
  readonly usedBy: readonly string[];
}

export interface ModelFacts {
  /** Version of the standard operators; null when the beginning of the file does not tell. */
  readonly opset: number | null;
  readonly opsets: ReadonlyMap<string, number>;
  readonly producer: string;
  /** Inputs a caller must give: weights that older files list among them are left out. */
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  /** Operators with their count, subgraphs included, most frequent first. Contrib ones as `domain.Type`. */
  readonly operators: readonly { readonly type: string; readonly count: number }[];
  /** Initializers and values of Constant nodes, subgraphs included, largest first. */
  readonly tensors: readonly TensorFacts[];
  readonly weightsBytes: number;
  readonly quantization: Quantization;
  readonly externalFiles: readonly string[];
  readonly functions: number;
  /** False when only the beginning of the file was read: then every count is a lower bound. */
  readonly complete: boolean;
}

/** What a file says about itself, for people: nothing here is computed from the numbers. */
export function modelFacts(model: OnnxModel): ModelFacts {
  const counts = new Map<string, number>();
  const tensors: TensorFacts[] = [];
  for (const graph of graphsOf(model.graph)) {
    for (const { domain, opType } of graph.nodes) {
      const type = domain === '' ? opType : `${domain}.${opType}`;
      counts.set(type, (counts.get(type) ?? 0) + 1);
    }
    tensors.push(...tensorFacts(graph));
  }
  const weights = new Set(model.graph.initializers.map(({ name }) => name));
  const external = tensors.flatMap((tensor) => (tensor.external === undefined ? [] : [tensor.external]));
  return {
    opset: model.opsets.get('') ?? null,
    opsets: model.opsets,
    producer: model.producer,
    inputs: model.graph.inputs.filter(({ name }) => !weights.has(name)),
    outputs: model.graph.outputs,
    operators: [...counts]
      .map(([type, count]) => ({ type, count }))
      .sort((a, b) => b.count - a.count || (a.type < b.type ? -1 : 1)),
    tensors: tensors.sort((a, b) => b.bytes - a.bytes),
    weightsBytes: tensors.reduce((sum, { bytes }) => sum + bytes, 0),
    quantization: quantizationOf(model),
    externalFiles: [...new Set(external)],
    functions: model.functions,
    complete: model.complete,
  };
}

function* tensorFacts(graph: Graph): Generator<TensorFacts> {
  const users = new Map<string, Set<string>>();
  for (const inner of graphsOf(graph)) {
    for (const { inputs, opType } of inner.nodes)
      for (const name of inputs) users.set(name, (users.get(name) ?? new Set()).add(opType));
  }
  const facts = (name: string, tensor: Tensor): TensorFacts => ({
    name,
    type: dataTypeName(tensor.dataType),
    dims: tensor.dims,
    bytes: tensorBytes(tensor),
    external: tensor.data.kind === 'external' ? tensor.data.location : undefined,
    usedBy: [...(users.get(name) ?? [])],
  });
  for (const tensor of graph.initializers) yield facts(tensor.name, tensor);
  for (const node of graph.nodes) {
    const value = node.opType === 'Constant' ? attributeOf(node, 'value')?.tensor : undefined;
    if (value) yield facts(node.outputs[0] ?? '', value);
  }
}
