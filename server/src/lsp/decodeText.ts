/** Bytes read of a model file: its header lies at the start. */
export const headerBytes = 1 << 20;

/** Above this a file is generated or no text; it is not linted. */
export const largestTextBytes = 10_000_000;

/** UTF-8 text without its byte order mark; undefined for binary content. */
export function decodeText(bytes: Uint8Array): string | undefined {
  if (bytes.length > largestTextBytes || bytes.subarray(0, 8000).includes(0)) return undefined;
  return new TextDecoder().decode(bytes);
}
