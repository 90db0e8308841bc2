import type { Message } from './message';

/** An error as a value. Code branches on `code`; people read the rest. */
export interface Problem {
  readonly code: string;
  readonly what: Message;
  readonly why: Message;
  readonly next: readonly Message[];
  /** Path relative to the project root, with `/`. */
  readonly file?: string;
  /** 1-based. */
  readonly line?: number;
}
