import type { Word } from '../../project/dockerfile/word';
import type { Span } from '../../project/span';

/** A word's place without the quotes around it. */
export function innerSpan({ span, raw }: Pick<Word, 'span' | 'raw'>): Span {
  const quoted = /^(["']).*\1$/.test(raw) ? 1 : 0;
  return { start: span.start + quoted, end: span.end - quoted };
}
