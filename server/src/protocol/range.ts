/** 1-based, columns in UTF-16 units, as editors and COMMAND-LINE count. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** `end` is exclusive. */
export interface Range {
  readonly start: Position;
  readonly end: Position;
}
