import type { Instruction } from '../../project/dockerfile/dockerfile';
import type { SourceText } from '../../project/sourceText';
import type { Span } from '../../project/span';

/** The lines of an instruction with their line ends, to take it out of the file; comments above it stay. */
export function wholeLines(instruction: Instruction, source: SourceText): Span {
  const first = source.positionAt(instruction.span.start).line;
  const last = source.positionAt(instruction.span.end).line;
  const start = source.lineSpan(first).start;
  const end = last < source.lineCount ? source.lineSpan(last + 1).start : source.lineSpan(last).end;
  return { start, end };
}
