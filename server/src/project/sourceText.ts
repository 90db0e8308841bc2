import type { Position, Range } from '../protocol/range';
import type { Span } from './span';

/** One file's text with its line starts, so that offsets and 1-based positions convert both ways. */
export class SourceText {
  private lineStarts: number[] | undefined;

  constructor(
    /** Relative to the project root, with `/`. */
    readonly path: string,
    readonly text: string,
  ) {}

  /** The line end this file uses most at its first line; `\n` for a file without one. */
  get lineEnd(): '\n' | '\r\n' {
    const first = this.text.indexOf('\n');
    return first > 0 && this.text[first - 1] === '\r' ? '\r\n' : '\n';
  }

  get lineCount(): number {
    return this.starts().length;
  }

  slice(span: Span): string {
    return this.text.slice(span.start, span.end);
  }

  positionAt(offset: number): Position {
    const starts = this.starts();
    const clamped = Math.max(0, Math.min(offset, this.text.length));
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= clamped) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: clamped - (starts[low] ?? 0) + 1 };
  }

  rangeOf(span: Span): Range {
    return { start: this.positionAt(span.start), end: this.positionAt(span.end) };
  }

  /** Offset of a 1-based position, clamped into the text and into its line. */
  offsetAt(position: Position): number {
    const line = this.lineSpan(position.line);
    return Math.max(line.start, Math.min(line.start + position.column - 1, line.end));
  }

  /** The 1-based line without its line end; clamped to the first and last line. */
  lineSpan(line: number): Span {
    const starts = this.starts();
    const index = Math.max(0, Math.min(line - 1, starts.length - 1));
    const start = starts[index] ?? 0;
    const next = starts[index + 1];
    if (next === undefined) return { start, end: this.text.length };
    const end = this.text[next - 2] === '\r' ? next - 2 : next - 1;
    return { start, end: Math.max(start, end) };
  }

  private starts(): number[] {
    if (this.lineStarts) return this.lineStarts;
    const starts = [0];
    for (let at = this.text.indexOf('\n'); at !== -1; at = this.text.indexOf('\n', at + 1))
      starts.push(at + 1);
    this.lineStarts = starts;
    return starts;
  }
}
