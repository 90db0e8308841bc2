/** Lines of context around a change, as `diff -u` has them. */
const contextLines = 3;

interface Change {
  readonly kind: ' ' | '-' | '+';
  readonly line: string;
}

/** A patch for one file that `git apply` and `patch -p1` take; empty when nothing changed. */
export function unifiedDiff(path: string, before: string, after: string): string {
  if (before === after) return '';
  const changes = lineChanges(splitLines(before), splitLines(after));
  const out = [`--- a/${path}`, `+++ b/${path}`];
  let oldLine = 1;
  let newLine = 1;
  let at = 0;
  while (at < changes.length) {
    const next = changes.findIndex((change, index) => index >= at && change.kind !== ' ');
    if (next === -1) break;
    const start = Math.max(at, next - contextLines);
    oldLine += start - at;
    newLine += start - at;
    const end = hunkEnd(changes, next);
    const hunk = changes.slice(start, end);
    const oldCount = hunk.filter(({ kind }) => kind !== '+').length;
    const newCount = hunk.filter(({ kind }) => kind !== '-').length;
    out.push(`@@ -${oldLine},${oldCount} +${newLine},${newCount} @@`);
    for (const { kind, line } of hunk) {
      out.push(kind + line.replace(/\n$/, ''));
      if (!line.endsWith('\n')) out.push('\\ No newline at end of file');
    }
    oldLine += oldCount;
    newLine += newCount;
    at = end;
  }
  return `${out.join('\n')}\n`;
}

function hunkEnd(changes: readonly Change[], first: number): number {
  let last = first;
  for (let at = first; at < changes.length && at <= last + 2 * contextLines; at++)
    if (changes[at]?.kind !== ' ') last = at;
  return Math.min(changes.length, last + contextLines + 1);
}

function splitLines(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** Longest common subsequence over lines; fixed files are small, and equal heads and tails are taken off first. */
function lineChanges(before: readonly string[], after: readonly string[]): readonly Change[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  let tail = 0;
  while (
    tail < before.length - head &&
    tail < after.length - head &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  )
    tail++;
  const same = (lines: readonly string[]): readonly Change[] => lines.map((line) => ({ kind: ' ', line }));
  return [
    ...same(before.slice(0, head)),
    ...middleChanges(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...same(before.slice(before.length - tail)),
  ];
}

function middleChanges(before: readonly string[], after: readonly string[]): readonly Change[] {
  const width = after.length + 1;
  const lengths = new Uint32Array((before.length + 1) * width);
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      const down = lengths[(i + 1) * width + j] ?? 0;
      const right = lengths[i * width + j + 1] ?? 0;
      lengths[i * width + j] =
        before[i] === after[j] ? (lengths[(i + 1) * width + j + 1] ?? 0) + 1 : Math.max(down, right);
    }
  }
  const out: Change[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    const oldLine = before[i];
    const newLine = after[j];
    if (oldLine !== undefined && oldLine === newLine) {
      out.push({ kind: ' ', line: oldLine });
      i++;
      j++;
    } else if (
      oldLine !== undefined &&
      (newLine === undefined || (lengths[(i + 1) * width + j] ?? 0) >= (lengths[i * width + j + 1] ?? 0))
    ) {
      out.push({ kind: '-', line: oldLine });
      i++;
    } else if (newLine !== undefined) {
      out.push({ kind: '+', line: newLine });
      j++;
    }
  }
  return out;
}
