import type { Graph, Node } from './graph';
import type { Tensor } from './tensor';

/** A tensor to be written: its numbers come in pieces, so that none need be held whole. */
export interface TensorOut {
  readonly name: string;
  readonly dataType: number;
  readonly dims: readonly number[];
  readonly bytes: number;
  /** Yields exactly `bytes` bytes; called once, in file order. A piece is valid until the next is asked for. */
  make(): Iterable<Uint8Array>;
}

export type AttributeOut =
  | { readonly name: string; readonly int: number }
  | { readonly name: string; readonly float: number }
  | { readonly name: string; readonly ints: readonly number[] };

export interface NodeOut {
  readonly opType: string;
  readonly domain?: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: readonly AttributeOut[];
}

/** An existing node kept with its attributes, but wired or typed differently. */
export interface RewiredNode {
  readonly keep: Node;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Attributes written in place of those of the same name. */
  readonly attributes?: readonly AttributeOut[];
  /** Replaces a tensor attribute (`value` of Constant), written raw. */
  readonly tensor?: { readonly name: string; readonly value: TensorOut };
}

/** What changes in one graph. Everything not named is copied byte for byte, unknown fields included. */
export interface GraphEdit {
  /** Initializers and what stands in their place, if anything. */
  readonly initializers: Map<Tensor, readonly TensorOut[]>;
  /** Nodes and what stands in their place, in topological order. */
  readonly nodes: Map<Node, readonly (NodeOut | RewiredNode)[]>;
  /** Nodes that go before all others. */
  readonly first: NodeOut[];
  readonly last: NodeOut[];
  readonly added: TensorOut[];
  /** Inputs no longer listed: weights that older files list among the inputs. */
  readonly droppedInputs: Set<string>;
  /** Outputs to add, by name and element type: what calibration wants to see. */
  readonly addedOutputs: { readonly name: string; readonly elementType: number }[];
  /** New element type of inputs, outputs and value_info by name. */
  readonly retyped: Map<string, number>;
}

export interface ModelEdit {
  readonly graphs: Map<Graph, GraphEdit>;
  /** Domains to import beside those the model has. */
  readonly opsets: Map<string, number>;
}

export function newGraphEdit(): GraphEdit {
  return {
    initializers: new Map(),
    nodes: new Map(),
    first: [],
    last: [],
    added: [],
    droppedInputs: new Set(),
    addedOutputs: [],
    retyped: new Map(),
  };
}

export function newModelEdit(): ModelEdit {
  return { graphs: new Map(), opsets: new Map() };
}

/** The edit of a graph, begun when there is none yet. */
export function editOf(edit: ModelEdit, graph: Graph): GraphEdit {
  let found = edit.graphs.get(graph);
  if (!found) edit.graphs.set(graph, (found = newGraphEdit()));
  return found;
}
