import type { Graph, Node } from '../../onnx/graph';
import type { OnnxModel } from '../../onnx/readOnnx';
import { type Role, roleOf } from './role';
import { type Weight, findWeights } from './weights';

/** A layer whose numbers are 8 bits on all sides: what goes in, the weight, and what comes out. */
export interface StaticLayer {
  readonly node: Node;
  readonly weight: Weight;
  readonly role: Exclude<Role, { kind: 'mixed' }>;
  /** The value that comes in. */
  readonly input: string;
  /** The node that ends the layer: a Relu or Clip that is alone in reading the product, else the product itself. */
  readonly last: Node;
  /** The value that comes out. */
  readonly output: string;
}

/** Activations that onnxruntime and TensorRT merge into the product before them. */
const merged = new Set(['Relu', 'Clip']);

/** Layers of the main graph whose activations can be quantized with ranges known beforehand. */
export function staticLayers(model: OnnxModel): StaticLayer[] {
  const { graph } = model;
  const readers = readersOf(graph);
  const given = new Set(graph.outputs.map(({ name }) => name));
  const layers: StaticLayer[] = [];
  for (const weight of findWeights(model)) {
    const role = roleOf(weight);
    if (role.kind === 'mixed' || role.kind === 'embedding' || weight.graph !== graph) continue;
    if (weight.uses.some((use) => use.graph !== graph)) continue;
    for (const { node } of weight.uses) {
      const [product = ''] = node.outputs;
      const [only, ...others] = readers.get(product) ?? [];
      const ends =
        only !== undefined &&
        others.length === 0 &&
        merged.has(only.opType) &&
        only.inputs[0] === product &&
        !given.has(product);
      const last = ends ? only : node;
      layers.push({ node, weight, role, input: node.inputs[0] ?? '', last, output: last.outputs[0] ?? '' });
    }
  }
  return layers.sort((a, b) => a.node.recordStart - b.node.recordStart);
}

function readersOf(graph: Graph): Map<string, Node[]> {
  const readers = new Map<string, Node[]>();
  const visit = ({ nodes }: Graph) => {
    for (const node of nodes) {
      for (const name of node.inputs) readers.set(name, [...(readers.get(name) ?? []), node]);
      for (const { graphs } of node.attributes) for (const inner of graphs) visit(inner);
    }
  };
  visit(graph);
  return readers;
}
