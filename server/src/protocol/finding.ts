import type { Message } from './message';
import type { Range } from './range';

export type Severity = 'error' | 'warning' | 'info' | 'hint';

/** What a rule protects. Groups the status item's words and the rules' pages. */
export type Concern =
  | 'build'
  | 'start'
  | 'size'
  | 'security'
  | 'non-root'
  | 'gpu'
  | 'python'
  | 'model'
  | 'serving'
  | 'cache'
  | 'agreement';

export interface Edit {
  /** Path relative to the project root, with `/`. */
  readonly file: string;
  readonly range: Range;
  readonly newText: string;
}

/** safe = keeps the meaning · derived = worked out from other files · placeholder = needs a person's value. */
export type FixKind = 'safe' | 'derived' | 'placeholder';

export interface Fix {
  readonly kind: FixKind;
  readonly title: Message;
  readonly edits: readonly Edit[];
}

export interface Related {
  readonly file: string;
  readonly range: Range;
  readonly message: Message;
}

/** One thing a rule found at one place. A diagnostic in LSP. */
export interface Finding {
  readonly file: string;
  readonly range: Range;
  readonly rule: string;
  /** Foreign codes, only where that tool would fire too. */
  readonly aliases: readonly string[];
  readonly concern: Concern;
  readonly severity: Severity;
  readonly what: Message;
  readonly why: Message;
  readonly next: Message;
  /** Bytes on disk that following the advice saves, estimated. */
  readonly bytes?: number;
  readonly fix?: Fix;
  readonly related?: readonly Related[];
}
