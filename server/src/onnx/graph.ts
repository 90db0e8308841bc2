import { malformed } from './modelError';
import { type Tensor, newTensor, readTensor } from './tensor';
import { type ValueInfo, readValueInfo } from './valueType';
import type { WireReader } from './wire';

export interface Attribute {
  name: string;
  /** The integer, the numbers when they are few, and the text: what rewriting branches on. Undefined when absent. */
  int?: number;
  float?: number;
  ints?: number[];
  text?: string;
  tensor?: Tensor;
  graphs: Graph[];
  recordStart: number;
  start: number;
  recordEnd: number;
}

export interface Node {
  opType: string;
  /** Empty for the standard operators, also when the file writes `ai.onnx`. */
  domain: string;
  name: string;
  inputs: string[];
  outputs: string[];
  attributes: Attribute[];
  recordStart: number;
  start: number;
  recordEnd: number;
}

export interface Graph {
  nodes: Node[];
  initializers: Tensor[];
  inputs: ValueInfo[];
  outputs: ValueInfo[];
  valueInfos: ValueInfo[];
  recordStart: number;
  start: number;
  recordEnd: number;
}

/** Deeper nesting of subgraphs than any exporter writes; protobuf itself stops at 100 messages. */
const deepest = 24;

/** Longest list of integers kept from an attribute: axes, pads, permutations. Trees of a forest stay in the file. */
const longestList = 64;

export function newGraph(recordStart: number, start: number, recordEnd: number): Graph {
  return {
    nodes: [],
    initializers: [],
    inputs: [],
    outputs: [],
    valueInfos: [],
    recordStart,
    start,
    recordEnd,
  };
}

/** Fills `graph` in place (see readTensor for why). */
export function readGraph(wire: WireReader, graph: Graph, depth = 0): void {
  if (depth > deepest)
    throw malformed({ template: 'Subgraphs are nested more than {deepest} deep', with: { deepest } });
  for (const field of wire.fields(graph.start, graph.recordEnd)) {
    if (![1, 5, 11, 12, 13].includes(field.number)) continue;
    wire.expect(field, 2);
    wire.countRecord();
    if (field.number === 1) {
      const node: Node = {
        opType: '',
        domain: '',
        name: '',
        inputs: [],
        outputs: [],
        attributes: [],
        recordStart: field.recordStart,
        start: field.start,
        recordEnd: field.end,
      };
      graph.nodes.push(node);
      readNode(wire, node, depth);
    } else if (field.number === 5) {
      const tensor = newTensor(field.recordStart, field.start, field.end);
      graph.initializers.push(tensor);
      readTensor(wire, tensor);
    } else {
      const value = readValueInfo(wire, field.recordStart, field.start, field.end);
      if (field.number === 11) graph.inputs.push(value);
      else if (field.number === 12) graph.outputs.push(value);
      else graph.valueInfos.push(value);
    }
  }
}

function readNode(wire: WireReader, node: Node, depth: number): void {
  for (const field of wire.fields(node.start, node.recordEnd)) {
    if (field.number === 1) node.inputs.push(wire.text(field));
    else if (field.number === 2) node.outputs.push(wire.text(field));
    else if (field.number === 3) node.name = wire.text(field);
    else if (field.number === 4) node.opType = wire.text(field);
    else if (field.number === 7) node.domain = wire.text(field).replace(/^ai\.onnx$/, '');
    else if (field.number === 5) {
      wire.expect(field, 2);
      wire.countRecord();
      const attribute: Attribute = {
        name: '',
        graphs: [],
        recordStart: field.recordStart,
        start: field.start,
        recordEnd: field.end,
      };
      node.attributes.push(attribute);
      readAttribute(wire, attribute, depth);
    }
  }
}

function readAttribute(wire: WireReader, attribute: Attribute, depth: number): void {
  for (const field of wire.fields(attribute.start, attribute.recordEnd)) {
    if (field.number === 1) attribute.name = wire.text(field);
    else if (field.number === 2) attribute.float = wire.float(field);
    else if (field.number === 3) attribute.int = field.value;
    else if (field.number === 4 && field.end - field.start < 4096) attribute.text = wire.text(field);
    else if (field.number === 8) {
      attribute.ints ??= [];
      for (const value of wire.varints(field))
        if (attribute.ints.length < longestList) attribute.ints.push(value);
    } else if (field.number === 5) {
      attribute.tensor = newTensor(field.recordStart, field.start, field.end);
      readTensor(wire, attribute.tensor);
    } else if (field.number === 6 || field.number === 11) {
      const graph = newGraph(field.recordStart, field.start, field.end);
      attribute.graphs.push(graph);
      readGraph(wire, graph, depth + 1);
    }
  }
}

/** The graph and every graph nested in its nodes, outer before inner. */
export function* graphsOf(graph: Graph): Generator<Graph> {
  yield graph;
  for (const node of graph.nodes)
    for (const { graphs } of node.attributes) for (const inner of graphs) yield* graphsOf(inner);
}

export function attributeOf(node: Node, name: string): Attribute | undefined {
  return node.attributes.find((attribute) => attribute.name === name);
}
