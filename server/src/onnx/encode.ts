import { encodeUtf8 } from './utf8';

/** Builds small protobuf messages: everything but the numbers of tensors. */

export function varint(value: number): Uint8Array {
  // Negative numbers are 64-bit two's complement, ten bytes.
  let rest = value < 0 ? BigInt.asUintN(64, BigInt(value)) : BigInt(value);
  const bytes: number[] = [];
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Tag and length of a length-delimited field whose payload follows. */
export function lengthPrefix(field: number, length: number): Uint8Array {
  return concat(varint(field * 8 + 2), varint(length));
}

export function bytesField(field: number, payload: Uint8Array): Uint8Array {
  return concat(lengthPrefix(field, payload.length), payload);
}

export function textField(field: number, text: string): Uint8Array {
  return bytesField(field, encodeUtf8(text));
}

export function intField(field: number, value: number): Uint8Array {
  return concat(varint(field * 8), varint(value));
}

export function floatField(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return concat(varint(field * 8 + 5), bytes);
}

export function packedField(field: number, values: readonly number[]): Uint8Array {
  return bytesField(field, concat(...values.map(varint)));
}
