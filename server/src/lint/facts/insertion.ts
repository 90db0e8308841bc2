import type { Instruction, Stage } from '../../project/dockerfile/dockerfile';
import type { SourceText } from '../../project/sourceText';
import type { SpanEdit } from '../rule';

const startKeywords = new Set([
  'CMD',
  'ENTRYPOINT',
  'HEALTHCHECK',
  'EXPOSE',
  'STOPSIGNAL',
  'LABEL',
  'VOLUME',
]);

/** The instruction before which a stage's last set-up lines belong: the first of its trailing start instructions. */
export function firstStartInstruction(stage: Stage): Instruction | undefined {
  let found: Instruction | undefined;
  for (const instruction of [...stage.instructions].reverse()) {
    if (!startKeywords.has(instruction.keyword) || instruction.onbuild) break;
    found = instruction;
  }
  return found;
}

/** Inserts whole lines before an instruction and the comment lines that belong to it, or at the stage's end. */
export function insertLines(
  source: SourceText,
  stage: Stage,
  before: Instruction | undefined,
  lines: readonly string[],
): SpanEdit {
  const text = lines.join(source.lineEnd);
  if (!before) {
    const end = (stage.instructions.at(-1) ?? stage.from).span.end;
    return { span: { start: end, end }, newText: `${source.lineEnd}${text}` };
  }
  const at = startOfLeadingComments(source, before.span.start);
  return { span: { start: at, end: at }, newText: `${text}${source.lineEnd}` };
}

/** Offset of the first of the comment lines directly above `start`, or of its own line. */
function startOfLeadingComments(source: SourceText, start: number): number {
  let line = source.positionAt(start).line;
  while (line > 1 && /^\s*#(?!\s*(syntax|escape|check)\s*=)/i.test(source.slice(source.lineSpan(line - 1))))
    line--;
  return source.lineSpan(line).start;
}
