import { bitsPerElement, dataType } from './dataType';
import { malformed } from './modelError';
import type { WireReader } from './wire';

/** Where the numbers of a tensor are. `packed` is float_data in one piece, the same bytes as raw data. */
export type TensorData =
  | { readonly kind: 'raw' | 'packed'; readonly start: number; readonly length: number }
  | { readonly kind: 'external'; readonly location: string; readonly offset: number; readonly length: number }
  | { readonly kind: 'typed'; readonly length: number };

export interface Tensor {
  name: string;
  dataType: number;
  dims: number[];
  data: TensorData;
  /** The whole record, tag included, in the file. */
  recordStart: number;
  recordEnd: number;
  /** The message without tag and length. */
  start: number;
}

export function newTensor(recordStart: number, start: number, recordEnd: number): Tensor {
  return {
    name: '',
    dataType: 0,
    dims: [],
    data: { kind: 'typed', length: 0 },
    recordStart,
    recordEnd,
    start,
  };
}

/** Number of elements; a scalar has one. */
export function elementCount(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}

/** Bytes the numbers of a tensor take when stored plainly. */
export function tensorBytes(tensor: Pick<Tensor, 'dims' | 'dataType' | 'data'>): number {
  const bits = bitsPerElement(tensor.dataType);
  return bits === 0 ? tensor.data.length : Math.ceil((elementCount(tensor.dims) * bits) / 8);
}

/**
 * Fills `tensor` from its message (onnx.proto TensorProto) without touching its numbers, and checks that they
 * are as many as the shape says. Filling in place keeps what was seen when only a prefix of the file is at hand.
 */
export function readTensor(wire: WireReader, tensor: Tensor): void {
  const external = new Map<string, string>();
  let isExternal = false;
  let typedParts = 0;
  let typedBytes = 0;
  for (const field of wire.fields(tensor.start, tensor.recordEnd)) {
    if (field.number === 1) {
      for (const dim of wire.varints(field)) {
        if (dim < 0 || tensor.dims.length >= 64) throw badShape(tensor.name);
        tensor.dims.push(dim);
      }
    } else if (field.number === 2) tensor.dataType = field.value;
    else if (field.number === 8) tensor.name = wire.text(field);
    else if (field.number === 9) {
      wire.expect(field, 2);
      tensor.data = { kind: 'raw', start: field.start, length: field.end - field.start };
    } else if (field.number === 4 && field.wire === 2 && typedParts === 0) {
      typedParts += 1;
      tensor.data = { kind: 'packed', start: field.start, length: field.end - field.start };
    } else if (field.number === 13) {
      const entry = readEntry(wire, field.start, field.end);
      external.set(entry.key, entry.value);
    } else if (field.number === 14) isExternal = field.value === 1;
    else if (field.number >= 4 && field.number <= 11) {
      typedParts += 1;
      typedBytes += field.end - field.start;
      if (field.number === 4) tensor.data = { kind: 'typed', length: typedBytes };
      else if (tensor.data.kind === 'typed') tensor.data = { kind: 'typed', length: typedBytes };
    }
  }
  const count = elementCount(tensor.dims);
  if (!Number.isSafeInteger(count)) throw badShape(tensor.name);
  if (isExternal) tensor.data = externalData(tensor, external);
  const { data } = tensor;
  const expected = Math.ceil((count * bitsPerElement(tensor.dataType)) / 8);
  const counted =
    data.kind === 'raw' ||
    data.kind === 'external' ||
    (data.kind === 'packed' && tensor.dataType === dataType.float32);
  if (
    counted &&
    tensor.dataType !== dataType.string &&
    bitsPerElement(tensor.dataType) > 0 &&
    data.length !== expected
  ) {
    throw malformed({
      template: 'The tensor {name} should hold {expected} bytes by its shape and holds {actual}',
      with: { name: tensor.name, expected, actual: data.length },
    });
  }
}

/** Key and value of a StringStringEntryProto. */
function readEntry(wire: WireReader, start: number, end: number): { key: string; value: string } {
  const entry = { key: '', value: '' };
  for (const field of wire.fields(start, end)) {
    if (field.number === 1) entry.key = wire.text(field);
    else if (field.number === 2) entry.value = wire.text(field);
  }
  return entry;
}

function externalData(tensor: Tensor, entries: ReadonlyMap<string, string>): TensorData {
  const location = (entries.get('location') ?? '').replaceAll('\\', '/');
  const offset = Number(entries.get('offset') ?? 0);
  const length = entries.has('length') ? Number(entries.get('length')) : tensorBytes(tensor);
  // onnx.proto: a path relative to the model's folder. Anything that could leave that folder is refused.
  const leaves =
    location === '' ||
    location.startsWith('/') ||
    /^[a-z]:/i.test(location) ||
    location.includes('\0') ||
    location.split('/').includes('..');
  if (leaves) {
    throw malformed({
      template: 'The tensor {name} points to the file {location}, outside the folder of the model',
      with: { name: tensor.name, location },
    });
  }
  if (!Number.isSafeInteger(offset) || offset < 0 || !Number.isSafeInteger(length) || length < 0) {
    throw malformed({
      template: 'The tensor {name} names an impossible place in {location}',
      with: { name: tensor.name, location },
    });
  }
  return { kind: 'external', location, offset, length };
}

function badShape(name: string): Error {
  return malformed({ template: 'The tensor {name} has an impossible shape', with: { name } });
}
