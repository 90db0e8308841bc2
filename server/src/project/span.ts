/** UTF-16 offsets into one file's text; `end` is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}
