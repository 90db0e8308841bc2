import { bytesField, concat, floatField, intField, lengthPrefix, packedField, textField } from './encode';
import type { AttributeOut, NodeOut, RewiredNode, TensorOut } from './modelEdit';
import { type Piece, bytesPiece, piecesLength } from './piece';
import type { WireReader } from './wire';

/** A GraphProto.node record. */
export function encodeNode(node: NodeOut): Uint8Array {
  return bytesField(
    1,
    concat(
      ...node.inputs.map((name) => textField(1, name)),
      ...node.outputs.map((name) => textField(2, name)),
      textField(3, node.name),
      textField(4, node.opType),
      ...(node.attributes ?? []).map(encodeAttribute),
      node.domain ? textField(7, node.domain) : new Uint8Array(0),
    ),
  );
}

/** The record of an existing node with new wires; what is not named stays as it is in the file. */
export function rewiredNode(wire: WireReader, node: RewiredNode): Piece[] {
  const { keep } = node;
  const replaced = new Set([
    ...(node.attributes ?? []).map(({ name }) => name),
    ...(node.tensor ? [node.tensor.name] : []),
  ]);
  const dropped = new Set(
    keep.attributes.filter(({ name }) => replaced.has(name)).map(({ recordStart }) => recordStart),
  );
  const body: Piece[] = [
    bytesPiece(
      concat(
        ...node.inputs.map((name) => textField(1, name)),
        ...node.outputs.map((name) => textField(2, name)),
        ...(node.attributes ?? []).map(encodeAttribute),
      ),
    ),
  ];
  if (node.tensor) body.push(...tensorAttribute(node.tensor.name, node.tensor.value));
  for (const field of wire.fields(keep.start, keep.recordEnd)) {
    if (field.number === 1 || field.number === 2 || dropped.has(field.recordStart)) continue;
    body.push({ kind: 'source', start: field.recordStart, length: field.end - field.recordStart });
  }
  return [bytesPiece(lengthPrefix(1, piecesLength(body))), ...body];
}

/** A TensorProto with its numbers inside, as a field of what holds it. */
export function tensorPieces(field: number, tensor: TensorOut): Piece[] {
  const head = concat(
    ...tensor.dims.map((dim) => intField(1, dim)),
    intField(2, tensor.dataType),
    textField(8, tensor.name),
    lengthPrefix(9, tensor.bytes),
  );
  return [
    bytesPiece(concat(lengthPrefix(field, head.length + tensor.bytes), head)),
    { kind: 'made', length: tensor.bytes, make: () => tensor.make() },
  ];
}

/** A TensorProto whose numbers are in another file. */
export function externalTensor(
  field: number,
  tensor: Pick<TensorOut, 'name' | 'dims' | 'dataType' | 'bytes'>,
  location: string,
  offset: number,
): Uint8Array {
  const entry = (key: string, value: string) =>
    bytesField(13, concat(textField(1, key), textField(2, value)));
  return bytesField(
    field,
    concat(
      ...tensor.dims.map((dim) => intField(1, dim)),
      intField(2, tensor.dataType),
      textField(8, tensor.name),
      entry('location', location),
      entry('offset', String(offset)),
      entry('length', String(tensor.bytes)),
      intField(14, 1),
    ),
  );
}

function tensorAttribute(name: string, tensor: TensorOut): Piece[] {
  const body: Piece[] = [bytesPiece(concat(textField(1, name), intField(20, 4))), ...tensorPieces(5, tensor)];
  return [bytesPiece(lengthPrefix(5, piecesLength(body))), ...body];
}

/** Type numbers are AttributeProto.AttributeType. */
function encodeAttribute(attribute: AttributeOut): Uint8Array {
  const name = textField(1, attribute.name);
  if ('int' in attribute) return bytesField(5, concat(name, intField(3, attribute.int), intField(20, 2)));
  if ('float' in attribute)
    return bytesField(5, concat(name, floatField(2, attribute.float), intField(20, 1)));
  return bytesField(5, concat(name, packedField(8, attribute.ints), intField(20, 7)));
}
