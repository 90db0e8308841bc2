/**
 * Bytes that can be read at random. `availableBytes` is smaller than `sizeBytes` when only the beginning of a
 * file was fetched; a reader then reports what it saw and that it did not see everything.
 */
export interface ByteSource {
  readonly sizeBytes: number;
  readonly availableBytes: number;
  /** Exactly `length` bytes; the caller stays within `availableBytes`. The result may be reused by the next call. */
  read(offset: number, length: number): Uint8Array;
}

/** `sizeBytes` is the size of the whole file when `bytes` is only its beginning. */
export function bytesSource(bytes: Uint8Array, sizeBytes = bytes.length): ByteSource {
  // A plain array: slicing one of Node's Buffers does not copy.
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  return {
    sizeBytes,
    availableBytes: bytes.length,
    read: (offset, length) => plain.subarray(offset, offset + length),
  };
}
