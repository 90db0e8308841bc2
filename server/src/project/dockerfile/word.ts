import type { Answer } from '../answer';
import type { Span } from '../span';

/** One word of an instruction's arguments. */
export interface Word {
  readonly span: Span;
  /** As written, continuations removed. */
  readonly raw: string;
  /** Quotes removed and variables expanded; unknown when a variable's value is. */
  readonly value: Answer<string>;
}
