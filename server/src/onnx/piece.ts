/**
 * A stretch of an output file: copied from the model, copied from one of its external data files, or computed
 * while writing. Lengths are known before anything is computed, so a file is written in one pass.
 */
export type Piece =
  | { readonly kind: 'source'; readonly start: number; readonly length: number }
  | { readonly kind: 'external'; readonly location: string; readonly start: number; readonly length: number }
  | { readonly kind: 'made'; readonly length: number; make(): Iterable<Uint8Array> };

export function bytesPiece(bytes: Uint8Array): Piece {
  return { kind: 'made', length: bytes.length, make: () => [bytes] };
}

export function piecesLength(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0);
}

/** Neighbouring stretches of the source become one, so that an unchanged part costs one copy. */
export function joined(pieces: readonly Piece[]): Piece[] {
  const out: Piece[] = [];
  for (const piece of pieces) {
    const last = out.at(-1);
    if (piece.length === 0) continue;
    if (piece.kind === 'source' && last?.kind === 'source' && last.start + last.length === piece.start) {
      out[out.length - 1] = { kind: 'source', start: last.start, length: last.length + piece.length };
    } else out.push(piece);
  }
  return out;
}
