import { dataTypeName } from './dataType';
import type { WireReader } from './wire';

/** One input or output of a model. A dimension is a number, a name ("batch"), or null when the file does not say. */
export interface ValueInfo {
  name: string;
  /** `float32`, `int64`, ..., or `sequence`, `map`, `optional`, `sparse`; `unknown` when the file does not say. */
  type: string;
  elementType: number;
  /** null when the number of dimensions is unknown. */
  shape: (number | string | null)[] | null;
  recordStart: number;
  recordEnd: number;
}

/** Reads a ValueInfoProto. */
export function readValueInfo(wire: WireReader, recordStart: number, start: number, end: number): ValueInfo {
  const value: ValueInfo = {
    name: '',
    type: 'unknown',
    elementType: 0,
    shape: null,
    recordStart,
    recordEnd: end,
  };
  for (const field of wire.fields(start, end)) {
    if (field.number === 1) value.name = wire.text(field);
    else if (field.number === 2) readType(wire, field.start, field.end, value);
  }
  return value;
}

const kinds = new Map([
  [4, 'sequence'],
  [5, 'map'],
  [8, 'sparse'],
  [9, 'optional'],
]);

function readType(wire: WireReader, start: number, end: number, into: ValueInfo): void {
  for (const field of wire.fields(start, end)) {
    const kind = kinds.get(field.number);
    if (kind) into.type = kind;
    if (field.number !== 1) continue;
    for (const inner of wire.fields(field.start, field.end)) {
      if (inner.number === 1) {
        into.elementType = inner.value;
        into.type = dataTypeName(inner.value);
      } else if (inner.number === 2) into.shape = [...readShape(wire, inner.start, inner.end)];
    }
  }
}

function* readShape(wire: WireReader, start: number, end: number): Generator<number | string | null> {
  for (const field of wire.fields(start, end)) {
    if (field.number !== 1) continue;
    wire.countRecord();
    let dim: number | string | null = null;
    for (const inner of wire.fields(field.start, field.end)) {
      // A negative number is how some exporters write "unknown".
      if (inner.number === 1) dim = inner.value >= 0 ? inner.value : null;
      else if (inner.number === 2) dim = wire.text(inner) || null;
    }
    yield dim;
  }
}
