import type { SourceText } from '../sourceText';
import type { Span } from '../span';

/**
 * The text of a span as one logical line of equal length: comment lines, blank lines and continuations inside it
 * are blanked, so that offsets in it are offsets in the file. Text from `end` of the line part on
 * (here-document bodies) is not touched by the caller's choice of span.
 */
export function logicalText(source: SourceText, span: Span, escape: '\\' | '`'): string {
  const text = source.slice(span);
  if (!text.includes('\n')) return text;
  const lines = text.split('\n');
  const out: string[] = [];
  let continued = false;
  for (const [index, line] of lines.entries()) {
    const last = index === lines.length - 1;
    const skipped = continued && /^[ \t\r]*(#[^\n]*)?$/.test(line);
    if (skipped) {
      out.push(' '.repeat(line.length));
    } else {
      const bare = line.replace(/[ \t\r]+$/, '');
      continued = bare.endsWith(escape) && !last;
      out.push(continued ? bare.slice(0, -1) + ' '.repeat(line.length - bare.length + 1) : line);
    }
    if (!last) out.push(continued ? ' ' : '\n');
  }
  return out.join('');
}
