import type { Edit, Finding } from '../protocol/finding';
import type { Position } from '../protocol/range';

/** The edits of the fixes that can be made together: a fix that touches an earlier one's text waits for the next time. */
export function editsTogether(findings: readonly Finding[]): { edits: Edit[]; fixes: number } {
  const edits: Edit[] = [];
  let fixes = 0;
  for (const { fix } of findings) {
    if (!fix || fix.edits.some((edit) => edits.some((taken) => clash(edit, taken)))) continue;
    edits.push(...fix.edits);
    fixes += 1;
  }
  return { edits, fixes };
}

function clash(left: Edit, right: Edit): boolean {
  if (left.file !== right.file) return false;
  return compare(left.range.start, right.range.end) <= 0 && compare(right.range.start, left.range.end) <= 0;
}

function compare(left: Position, right: Position): number {
  return left.line - right.line || left.column - right.column;
}
