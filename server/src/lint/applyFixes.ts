import { SourceText } from '../project/sourceText';
import type { Edit, Finding, FixKind } from '../protocol/finding';

export interface AppliedFixes {
  /** New text per changed file. */
  readonly texts: ReadonlyMap<string, string>;
  readonly applied: readonly Finding[];
  /** Left for the next pass: an edit would overlap one already taken. */
  readonly postponed: readonly Finding[];
}

/**
 * Applies the fixes of these kinds to the texts of one snapshot, first finding first. A fix is taken whole or not
 * at all; equal insertions at one place are made once.
 */
export function applyFixes(
  findings: readonly Finding[],
  kinds: ReadonlySet<FixKind>,
  textOf: (file: string) => string | undefined,
): AppliedFixes {
  const sources = new Map<string, SourceText>();
  const taken = new Map<string, PlacedEdit[]>();
  const applied: Finding[] = [];
  const postponed: Finding[] = [];
  const sourceOf = (file: string): SourceText | undefined => {
    const text = textOf(file);
    if (text !== undefined && !sources.has(file)) sources.set(file, new SourceText(file, text));
    return sources.get(file);
  };
  for (const finding of findings) {
    if (!finding.fix || !kinds.has(finding.fix.kind)) continue;
    const placed = placeEdits(finding.fix.edits, sourceOf);
    if (
      !placed ||
      placed.some((edit) => (taken.get(edit.file) ?? []).some((other) => collide(edit, other)))
    ) {
      postponed.push(finding);
      continue;
    }
    for (const edit of placed) {
      const edits = taken.get(edit.file) ?? [];
      if (!edits.some((other) => same(edit, other))) taken.set(edit.file, [...edits, edit]);
    }
    applied.push(finding);
  }
  const texts = new Map<string, string>();
  for (const [file, edits] of taken) texts.set(file, edited(textOf(file) ?? '', edits));
  return { texts, applied, postponed };
}

interface PlacedEdit {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly newText: string;
}

function placeEdits(
  edits: readonly Edit[],
  sourceOf: (file: string) => SourceText | undefined,
): readonly PlacedEdit[] | undefined {
  const placed: PlacedEdit[] = [];
  for (const { file, range, newText } of edits) {
    const source = sourceOf(file);
    if (!source) return undefined;
    placed.push({ file, start: source.offsetAt(range.start), end: source.offsetAt(range.end), newText });
  }
  return placed;
}

function same(a: PlacedEdit, b: PlacedEdit): boolean {
  return a.start === b.start && a.end === b.end && a.newText === b.newText;
}

function collide(a: PlacedEdit, b: PlacedEdit): boolean {
  if (same(a, b)) return false;
  if (a.start === a.end && b.start === b.end) return a.start === b.start;
  return a.start < b.end && b.start < a.end;
}

function edited(text: string, edits: readonly PlacedEdit[]): string {
  let out = text;
  for (const { start, end, newText } of [...edits].sort((a, b) => b.start - a.start)) {
    out = out.slice(0, start) + newText + out.slice(end);
  }
  return out;
}
