import { dataType } from '../../onnx/dataType';
import { type Graph, type Node, attributeOf, graphsOf } from '../../onnx/graph';
import type { OnnxModel } from '../../onnx/readOnnx';
import { type Tensor, elementCount } from '../../onnx/tensor';

/** A place where a weight is consumed. */
export interface Use {
  readonly node: Node;
  readonly graph: Graph;
  readonly input: number;
}

/** A constant float32 tensor, whether an initializer or the value of a Constant node. */
export interface Weight {
  /** The name by which nodes know it. */
  readonly name: string;
  readonly tensor: Tensor;
  readonly graph: Graph;
  /** The Constant node that holds it; undefined for an initializer. */
  readonly constant: Node | undefined;
  readonly uses: readonly Use[];
}

/** Smaller tensors (biases, gains, tables of a few rows) are not worth the nodes it takes to restore them. */
const smallestElements = 1024;

/** Every weight worth shrinking, in file order, with all its uses in this graph and the graphs nested in it. */
export function findWeights(model: OnnxModel): Weight[] {
  const weights: (Weight & { uses: Use[] })[] = [];
  const outputs = new Set(
    [...graphsOf(model.graph)].flatMap((graph) => graph.outputs.map(({ name }) => name)),
  );
  collect(model.graph, new Map(), (graph, scope) => {
    const add = (name: string, tensor: Tensor, constant: Node | undefined) => {
      const readable = tensor.data.kind !== 'typed' && tensor.dataType === dataType.float32;
      const weight = { name, tensor, graph, constant, uses: [] };
      scope.set(name, weight);
      if (readable && elementCount(tensor.dims) >= smallestElements && !outputs.has(name))
        weights.push(weight);
    };
    for (const tensor of graph.initializers) add(tensor.name, tensor, undefined);
    for (const node of graph.nodes) {
      const tensor =
        node.opType === 'Constant' && node.domain === '' ? attributeOf(node, 'value')?.tensor : undefined;
      if (tensor && node.outputs[0]) add(node.outputs[0], tensor, node);
    }
  });
  return weights;
}

type Scope = Map<string, { uses: Use[] } | undefined>;

/** Walks graphs outer to inner, giving each the names visible there; an inner name hides an outer one. */
function collect(graph: Graph, outer: Scope, declare: (graph: Graph, scope: Scope) => void): void {
  const scope: Scope = new Map(outer);
  for (const { name } of graph.inputs) scope.set(name, undefined);
  for (const { outputs } of graph.nodes) for (const name of outputs) scope.set(name, undefined);
  declare(graph, scope);
  for (const node of graph.nodes) {
    node.inputs.forEach((name, input) => scope.get(name)?.uses.push({ node, graph, input }));
    for (const { graphs } of node.attributes) for (const inner of graphs) collect(inner, scope, declare);
  }
}
