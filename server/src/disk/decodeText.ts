/** Above this a file is generated or no text; it is not linted. */
export const largestTextBytes = 10_000_000;

/**
 * Text of a file without its byte order mark; undefined for binary content. UTF-16 with a mark is read too:
 * PowerShell's `pip freeze > requirements.txt` writes it, and pip reads it.
 */
export function decodeText(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  if (bytes.subarray(0, 8000).includes(0)) return undefined;
  return new TextDecoder().decode(bytes);
}
