import { bytesField, concat, intField, lengthPrefix, textField } from './encode';
import { encodeNode, externalTensor, rewiredNode, tensorPieces } from './encodeNode';
import { type Graph, type Node, graphsOf } from './graph';
import { type GraphEdit, type ModelEdit, type TensorOut, newGraphEdit } from './modelEdit';
import { malformed } from './modelError';
import { type Piece, bytesPiece, joined, piecesLength } from './piece';
import type { OnnxModel } from './readOnnx';
import { type Tensor, tensorBytes } from './tensor';
import type { ValueInfo } from './valueType';
import type { WireReader } from './wire';

export interface WritePlan {
  readonly model: readonly Piece[];
  /** The numbers kept beside the model; empty when all are inside. Written first: it computes what the model records. */
  readonly external: readonly Piece[];
}

/** Protobuf ends at 2 GiB - 1; the margin leaves room for readers that are stricter. */
const largestInlineBytes = 1_900_000_000;

/** Tensors below this stay inside even when the others move out: the value onnx's own tools use. */
const smallestExternalBytes = 1024;

/** onnx.proto recommends page alignment, for readers that map the file. */
const externalAlignment = 4096;

/** First version in which initializers need not be listed among the inputs. */
const freeInitializersIr = 4;

/**
 * What to write so that the model of `wire` becomes the edited one. Numbers move to `externalName` when the
 * source keeps them outside, or when one file could not hold them.
 */
export function planWrite(
  wire: WireReader,
  model: OnnxModel,
  edit: ModelEdit,
  externalName: string,
  inlineLimit = largestInlineBytes,
): WritePlan {
  const outside = [...graphsOf(model.graph)].some(({ initializers }) =>
    initializers.some(({ data }) => data.kind === 'external'),
  );
  for (const graph of graphsOf(model.graph))
    for (const node of graph.nodes) refuseExternalConstant(node, edit.graphs.get(graph));
  if (!outside) {
    const plan = new Planner(wire, model, edit).plan();
    if (piecesLength(plan.model) <= inlineLimit) return plan;
  }
  return new Planner(wire, model, edit, externalName).plan();
}

function refuseExternalConstant(node: Node, edit: GraphEdit | undefined): void {
  if (edit?.nodes.has(node)) return;
  if (node.attributes.some(({ tensor }) => tensor?.data.kind === 'external')) {
    throw malformed({
      template:
        'The node {name} keeps the numbers of an attribute in another file, which ONNX does not provide for',
      with: { name: node.name },
    });
  }
}

class Planner {
  private readonly external: Piece[] = [];
  private externalBytes = 0;

  constructor(
    private readonly wire: WireReader,
    private readonly model: OnnxModel,
    private readonly edit: ModelEdit,
    private readonly externalName?: string,
  ) {}

  plan(): WritePlan {
    const pieces: Piece[] = [];
    const liftsIr = this.model.irVersion < freeInitializersIr && this.edit.graphs.size > 0;
    const imported = new Map(this.edit.opsets);
    for (const domain of this.model.opsets.keys()) imported.delete(domain);
    for (const field of this.wire.fields(0, this.model.sizeBytes)) {
      if (field.number === 7) pieces.push(...this.graph(this.model.graph, 7, liftsIr));
      else if (field.number === 1 && liftsIr) pieces.push(bytesPiece(intField(1, freeInitializersIr)));
      else pieces.push({ kind: 'source', start: field.recordStart, length: field.end - field.recordStart });
    }
    for (const [domain, version] of imported)
      pieces.push(bytesPiece(bytesField(8, concat(textField(1, domain), intField(2, version)))));
    return { model: joined(pieces), external: joined(this.external) };
  }

  private graph(graph: Graph, fieldNumber: number, liftsIr: boolean): Piece[] {
    const edit = this.edit.graphs.get(graph) ?? newGraphEdit();
    const listed = new Set(liftsIr ? graph.initializers.map(({ name }) => name) : []);
    const nodes = new Map(graph.nodes.map((node) => [node.recordStart, node]));
    const tensors = new Map(graph.initializers.map((tensor) => [tensor.recordStart, tensor]));
    const values = new Map(
      [...graph.inputs, ...graph.outputs, ...graph.valueInfos].map((value) => [value.recordStart, value]),
    );
    const body: Piece[] = edit.first.map((node) => bytesPiece(encodeNode(node)));
    for (const field of this.wire.fields(graph.start, graph.recordEnd)) {
      const node = field.number === 1 ? nodes.get(field.recordStart) : undefined;
      const tensor = field.number === 5 ? tensors.get(field.recordStart) : undefined;
      const value = [11, 12, 13].includes(field.number) ? values.get(field.recordStart) : undefined;
      if (node) body.push(...this.node(node, edit));
      else if (tensor) body.push(...this.initializer(tensor, edit));
      else if (value && field.number === 11 && (edit.droppedInputs.has(value.name) || listed.has(value.name)))
        continue;
      else if (value && edit.retyped.has(value.name))
        body.push(bytesPiece(this.retyped(field.number, value, edit.retyped.get(value.name) ?? 0)));
      else body.push({ kind: 'source', start: field.recordStart, length: field.end - field.recordStart });
    }
    for (const node of edit.last) body.push(bytesPiece(encodeNode(node)));
    for (const tensor of edit.added) body.push(...this.tensor(tensor));
    for (const { name, elementType } of edit.addedOutputs) {
      body.push(
        bytesPiece(
          bytesField(12, concat(textField(1, name), bytesField(2, bytesField(1, intField(1, elementType))))),
        ),
      );
    }
    return [bytesPiece(lengthPrefix(fieldNumber, piecesLength(body))), ...body];
  }

  private node(node: Node, edit: GraphEdit): Piece[] {
    const replaced = edit.nodes.get(node);
    if (replaced)
      return replaced.flatMap((item) =>
        'keep' in item ? rewiredNode(this.wire, item) : [bytesPiece(encodeNode(item))],
      );
    const nested = node.attributes.filter(({ graphs }) => graphs.length > 0);
    if (nested.length === 0)
      return [{ kind: 'source', start: node.recordStart, length: node.recordEnd - node.recordStart }];
    const attributes = new Map(nested.map((attribute) => [attribute.recordStart, attribute]));
    const body: Piece[] = [];
    for (const field of this.wire.fields(node.start, node.recordEnd)) {
      const attribute = field.number === 5 ? attributes.get(field.recordStart) : undefined;
      if (!attribute) {
        body.push({ kind: 'source', start: field.recordStart, length: field.end - field.recordStart });
        continue;
      }
      const graphs = new Map(attribute.graphs.map((graph) => [graph.recordStart, graph]));
      const inner: Piece[] = [];
      for (const part of this.wire.fields(attribute.start, attribute.recordEnd)) {
        const graph = graphs.get(part.recordStart);
        if (graph) inner.push(...this.graph(graph, part.number, false));
        else inner.push({ kind: 'source', start: part.recordStart, length: part.end - part.recordStart });
      }
      body.push(bytesPiece(lengthPrefix(5, piecesLength(inner))), ...inner);
    }
    return [bytesPiece(lengthPrefix(1, piecesLength(body))), ...body];
  }

  private initializer(tensor: Tensor, edit: GraphEdit): Piece[] {
    const replaced = edit.initializers.get(tensor);
    if (replaced) return replaced.flatMap((item) => this.tensor(item));
    const { data } = tensor;
    const bytes = tensorBytes(tensor);
    if (
      this.externalName === undefined ||
      data.kind === 'typed' ||
      (data.kind !== 'external' && bytes < smallestExternalBytes)
    ) {
      return [{ kind: 'source', start: tensor.recordStart, length: tensor.recordEnd - tensor.recordStart }];
    }
    const numbers: Piece =
      data.kind === 'external'
        ? { kind: 'external', location: data.location, start: data.offset, length: data.length }
        : { kind: 'source', start: data.start, length: data.length };
    return [
      bytesPiece(
        externalTensor(5, { ...tensor, bytes: data.length }, this.externalName, this.outside(numbers)),
      ),
    ];
  }

  private tensor(tensor: TensorOut): Piece[] {
    if (this.externalName === undefined || tensor.bytes < smallestExternalBytes)
      return tensorPieces(5, tensor);
    const offset = this.outside({ kind: 'made', length: tensor.bytes, make: () => tensor.make() });
    return [bytesPiece(externalTensor(5, tensor, this.externalName, offset))];
  }

  /** Places numbers in the external file and returns their offset there. */
  private outside(piece: Piece): number {
    const padding = (externalAlignment - (this.externalBytes % externalAlignment)) % externalAlignment;
    this.external.push(bytesPiece(new Uint8Array(padding)), piece);
    const offset = this.externalBytes + padding;
    this.externalBytes = offset + piece.length;
    return offset;
  }

  /** The record of an input, output or value_info with another element type; shape and the rest stay. */
  private retyped(field: number, value: ValueInfo, elementType: number): Uint8Array {
    const rewrite = (start: number, end: number, path: readonly number[]): Uint8Array => {
      const parts: Uint8Array[] = [];
      for (const inner of this.wire.fields(start, end)) {
        if (inner.number !== path[0])
          parts.push(this.wire.bytes(inner.recordStart, inner.end - inner.recordStart));
        else if (path.length === 1) parts.push(intField(inner.number, elementType));
        else parts.push(bytesField(inner.number, rewrite(inner.start, inner.end, path.slice(1))));
      }
      return concat(...parts);
    };
    const [record] = this.wire.fields(value.recordStart, value.recordEnd);
    // TypeProto inside ValueInfoProto, tensor_type inside it, elem_type inside that.
    return bytesField(field, rewrite(record?.start ?? value.recordEnd, value.recordEnd, [2, 1, 1]));
  }
}
