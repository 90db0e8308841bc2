/** A tensor on its way between processes. `type` is onnxruntime's name: float32, int64, bool, string ... */
export interface Values {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: Numbers | readonly string[];
}

export type Numbers =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

/** 64-bit ones apart: their elements are no numbers. */
const arrays = {
  float32: Float32Array,
  float16: Uint16Array,
  float64: Float64Array,
  int8: Int8Array,
  uint8: Uint8Array,
  bool: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
} as const;

/** Numbers of an element type by its ONNX name; undefined for a type that no input can be made of. */
export function numbersOf(type: string, values: readonly number[]): Numbers | undefined {
  const big = () => values.map((value) => BigInt(Math.trunc(value)));
  if (type === 'int64') return BigInt64Array.from(big());
  if (type === 'uint64') return BigUint64Array.from(big());
  if (type === 'float16') return Uint16Array.from(values, halfBits);
  return Object.hasOwn(arrays, type) ? arrays[type as keyof typeof arrays].from(values) : undefined;
}

/** An answer's numbers as floats; halves are widened. undefined for strings. */
export function floatsOf({ type, data }: Values): Float64Array | undefined {
  if (Array.isArray(data)) return undefined;
  const numbers = data as Numbers;
  if (type === 'float16') return Float64Array.from(numbers as Uint16Array, halfValue);
  return Float64Array.from(numbers as Float32Array, Number);
}

function halfValue(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Truncates: good enough for made-up inputs, which are small. */
function halfBits(value: number): number {
  const sign = value < 0 ? 0x8000 : 0;
  const magnitude = Math.min(Math.abs(value), 65_504);
  if (magnitude < 2 ** -14) return sign | Math.trunc(magnitude * 2 ** 24);
  const exponent = Math.floor(Math.log2(magnitude));
  return sign | ((exponent + 15) << 10) | Math.trunc((magnitude / 2 ** exponent - 1) * 1024);
}
