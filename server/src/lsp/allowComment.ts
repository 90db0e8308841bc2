import type { Project } from '../project/project';

/** Where an allow comment goes: the 0-based line before which it is inserted, and the indentation there. */
export interface CommentPlace {
  readonly line: number;
  readonly indent: string;
}

/**
 * The place of a comment that concerns the text at `line` (0-based): above the whole instruction or logical line,
 * because a comment inside a continued one belongs to nobody. Undefined in files that know no comments.
 */
export function commentPlace(
  project: Project,
  path: string,
  text: string,
  line: number,
): CommentPlace | undefined {
  if (/\.(json|ipynb)$/i.test(path)) return undefined;
  const lines = text.split('\n');
  const first = instructionLine(project, path, line) ?? logicalLine(lines, line);
  return { line: first, indent: /^[ \t]*/.exec(lines[first] ?? '')?.[0] ?? '' };
}

function instructionLine(project: Project, path: string, line: number): number | undefined {
  const dockerfile = project.dockerfiles.find((entry) => entry.path === path)?.dockerfile;
  const around = dockerfile?.instructions.find(({ span }) => {
    const { start, end } = dockerfile.source.rangeOf(span);
    return start.line - 1 <= line && line <= end.line - 1;
  });
  return around && dockerfile ? dockerfile.source.positionAt(around.span.start).line - 1 : undefined;
}

/** The first of the lines that backslashes join with this one. */
function logicalLine(lines: readonly string[], line: number): number {
  let first = Math.min(line, lines.length - 1);
  while (first > 0 && /\\\s*$/.test(lines[first - 1] ?? '')) first -= 1;
  return first;
}

/** The comment that allows a rule. `reason` is the text after the dashes. */
export function allowComment(rule: string, reason: string): string {
  return `# plimsoll: allow ${rule} -- ${reason}`;
}
