import type { Position as ProtocolPosition, Range as ProtocolRange } from 'vscode-languageserver';
import type { Range } from '../protocol/range';

/** LSP counts lines and columns from 0, we from 1; both count UTF-16 units. */
export function toProtocolRange(range: Range): ProtocolRange {
  return {
    start: { line: range.start.line - 1, character: range.start.column - 1 },
    end: { line: range.end.line - 1, character: range.end.column - 1 },
  };
}

export function contains(range: ProtocolRange, position: ProtocolPosition): boolean {
  return compare(range.start, position) <= 0 && compare(position, range.end) <= 0;
}

function compare(left: ProtocolPosition, right: ProtocolPosition): number {
  return left.line - right.line || left.character - right.character;
}
