import type { ByteSource } from './byteSource';
import { malformed } from './modelError';
import { decodeUtf8 } from './utf8';

export interface SafetensorsTensor {
  readonly name: string;
  /** As the file writes it: F32, BF16, I8 ... */
  readonly dtype: string;
  readonly dims: readonly number[];
  readonly bytes: number;
}

/** The format's own limit (safetensors README): 100 MB of header. */
const largestHeader = 100_000_000;

/**
 * Reads the header of a safetensors file: 8 bytes of length, JSON, then the numbers. Throws a ModelError when
 * the header is damaged or places a tensor outside the file.
 */
export function readSafetensors(source: ByteSource): readonly SafetensorsTensor[] {
  if (source.availableBytes < 8)
    throw malformed({ template: 'The file is too short for a safetensors header' });
  const length = Number(new DataView(source.read(0, 8).slice().buffer).getBigUint64(0, true));
  if (length > largestHeader || 8 + length > source.sizeBytes)
    throw malformed({ template: 'The safetensors header says it is {length} bytes long', with: { length } });
  if (8 + length > source.availableBytes) return [];
  const header = parse(decodeUtf8(source.read(8, length)));
  const tensors: SafetensorsTensor[] = [];
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const tensor = tensorOf(name, entry, source.sizeBytes - 8 - length);
    if (!tensor) throw malformed({ template: 'The safetensors entry {name} is damaged', with: { name } });
    tensors.push(tensor);
  }
  return tensors;
}

function parse(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Told below, in the words of the format.
  }
  throw malformed({ template: 'The safetensors header is not a JSON object' });
}

function tensorOf(name: string, entry: unknown, dataBytes: number): SafetensorsTensor | undefined {
  if (typeof entry !== 'object' || entry === null) return undefined;
  const {
    dtype,
    shape,
    data_offsets: offsets,
  } = entry as { dtype?: unknown; shape?: unknown; data_offsets?: unknown };
  if (typeof dtype !== 'string' || !isSizes(shape) || !isSizes(offsets)) return undefined;
  const [begin, end] = offsets;
  if (begin === undefined || end === undefined || begin > end || end > dataBytes) return undefined;
  return { name, dtype, dims: shape, bytes: end - begin };
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}
