import type { Span } from '../project/span';

/** One comment that silences findings, in any of the dialects understood. */
export interface AllowComment {
  /** Rule names or foreign codes, lower case; `*` for all. */
  readonly names: ReadonlySet<string>;
  /** Offsets it holds for; undefined for the whole file. */
  readonly holdsFor: Span | undefined;
  readonly reason: string | undefined;
  /** Offset of the comment. */
  readonly at: number;
}

/** A comment and what it would silence if it is an allow comment. */
export interface CommentPlace {
  /** Text after `#`. */
  readonly text: string;
  readonly at: number;
  /** What an instruction-level comment here holds for. */
  readonly target: Span;
}

interface Dialect {
  readonly pattern: RegExp;
  readonly wholeFile: boolean;
}

/**
 * Ours, then the dialects of hadolint, BuildKit, Trivy, checkov, tally and Docker DX's predecessor. The first
 * group lists names, the second holds a reason. checkov's comment holds for the file in its own tool as well.
 */
const dialects: readonly Dialect[] = [
  { pattern: /^plimsoll:\s*allow\s+([\w*-]+(?:\s*,\s*[\w*-]+)*)(?:\s+--\s*(.*))?$/i, wholeFile: false },
  { pattern: /^plimsoll:\s*allow-file\s+([\w*-]+(?:\s*,\s*[\w*-]+)*)(?:\s+--\s*(.*))?$/i, wholeFile: true },
  { pattern: /^hadolint\s+ignore\s*=\s*([\w]+(?:\s*,\s*[\w]+)*)(.*)$/i, wholeFile: false },
  { pattern: /^hadolint\s+global\s+ignore\s*=\s*([\w]+(?:\s*,\s*[\w]+)*)(.*)$/i, wholeFile: true },
  { pattern: /^check\s*=\s*(?:[^;]*;)*?\s*skip\s*=\s*([\w]+(?:\s*,\s*[\w]+)*)(.*)$/i, wholeFile: true },
  { pattern: /^trivy:ignore:([\w-]+)(.*)$/i, wholeFile: false },
  { pattern: /^checkov:skip=([\w]+)(?::(.*))?$/i, wholeFile: true },
  { pattern: /^tally\s+ignore\s*=\s*([\w/.-]+(?:\s*,\s*[\w/.-]+)*)(?:;reason=(.*))?$/i, wholeFile: false },
];

export function readAllowComments(places: Iterable<CommentPlace>): readonly AllowComment[] {
  const found: AllowComment[] = [];
  for (const { text, at, target } of places) {
    for (const { pattern, wholeFile } of dialects) {
      const match = pattern.exec(text.trim());
      if (!match?.[1]) continue;
      const names = match[1].split(',').map((name) =>
        name
          .trim()
          .toLowerCase()
          .replace(/^all$/, '*')
          .replace(/^(hadolint|buildkit|tally)\//, ''),
      );
      const reason = match[2]?.trim();
      found.push({
        names: new Set(names),
        holdsFor: wholeFile ? undefined : target,
        reason: reason === '' ? undefined : reason,
        at,
      });
    }
  }
  return found;
}

/** The comment that silences a finding of these names at this place; the first one wins. */
export function allowedBy(
  comments: readonly AllowComment[],
  names: readonly string[],
  span: Span,
): AllowComment | undefined {
  return comments.find((comment) => {
    if (comment.holdsFor && (span.start > comment.holdsFor.end || span.end < comment.holdsFor.start))
      return false;
    return comment.names.has('*') || names.some((name) => comment.names.has(name.toLowerCase()));
  });
}
