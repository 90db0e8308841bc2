import type { Dockerfile } from '../project/dockerfile/dockerfile';
import type { SourceText } from '../project/sourceText';
import type { CommentPlace } from './allowComments';

/** Comments of a Dockerfile. One inside or directly above an instruction holds for the whole instruction. */
export function* dockerfileComments(dockerfile: Dockerfile): Iterable<CommentPlace> {
  for (const directive of dockerfile.directives) {
    const whole = { start: 0, end: dockerfile.source.text.length };
    yield { text: `${directive.name}=${directive.value}`, at: 0, target: whole };
  }
  for (const comment of dockerfile.comments) {
    const around = dockerfile.instructions.find((instruction) => instruction.span.end >= comment.span.start);
    yield { text: comment.text, at: comment.span.start, target: around?.span ?? comment.span };
  }
}

/** `#` comments of line-based files: after a line's text for that line, else for the next line with text. */
export function* lineComments(source: SourceText): Iterable<CommentPlace> {
  if (!/#\s*(plimsoll|hadolint|trivy|checkov|tally)/i.test(source.text)) return;
  for (let line = 1; line <= source.lineCount; line++) {
    const span = source.lineSpan(line);
    const match = /^(.*?)(?:^|\s)#\s*(.*)$/.exec(source.slice(span));
    if (!match) continue;
    const at = span.start + (match[1]?.length ?? 0);
    const own = match[1]?.trim() !== '';
    yield { text: match[2] ?? '', at, target: own ? span : nextLineWithText(source, line) };
  }
}

function nextLineWithText(source: SourceText, line: number): { start: number; end: number } {
  for (let next = line + 1; next <= source.lineCount; next++) {
    const span = source.lineSpan(next);
    if (/^\s*[^#\s]/.test(source.slice(span))) return span;
  }
  return source.lineSpan(line);
}
