import type { Span } from '../span';
import { cleanPath } from './cleanPath';
import { isMalformed, type PathMatcher, pathMatcher } from './ignorePattern';

export interface IgnoreRule {
  /** As the engine reads it: trimmed, cleaned, without `!` and leading slash. */
  readonly pattern: string;
  /** `!`: what it matches is sent after all. */
  readonly readmits: boolean;
  /** The line without surrounding blanks. */
  readonly span: Span;
}

/**
 * A .dockerignore or `<Dockerfile>.dockerignore` with the meaning it has for BuildKit: moby/patternmatcher as
 * fsutil's walk asks it. Paths are relative to the build context, with `/`.
 */
export class Dockerignore {
  readonly rules: readonly IgnoreRule[];
  /** Patterns that make the engine refuse to build. They match nothing here. */
  readonly malformed: readonly IgnoreRule[];
  private readonly matchers: readonly PathMatcher[];
  private readonly folders = new Map<string, readonly boolean[]>();

  constructor(text: string) {
    const read = [...rulesOf(text)];
    this.malformed = read.filter(isRefused);
    this.rules = read.filter((rule) => !isRefused(rule));
    this.matchers = this.rules.map((rule) => pathMatcher(rule.pattern));
  }

  /** Whether the engine leaves the file out of the context. */
  ignores(path: string): boolean {
    const rule = this.decidedBy(path);
    return rule !== undefined && !rule.readmits;
  }

  /** The rule that ignores the file, or that readmits it; undefined when no rule touches it. */
  decidedBy(path: string): IgnoreRule | undefined {
    const decided = this.answer(path, this.folderOf(path));
    return decided.rule === -1 ? undefined : this.rules[decided.rule];
  }

  private folderOf(path: string): readonly boolean[] | undefined {
    const slash = path.lastIndexOf('/');
    if (slash <= 0) return undefined;
    const folder = path.slice(0, slash);
    const kept = this.folders.get(folder);
    if (kept) return kept;
    // Ancestors first, without recursion: a hostile path can have a million segments.
    let matched: readonly boolean[] | undefined;
    for (let end = folder.indexOf('/', 1); ; end = folder.indexOf('/', end + 1)) {
      const ancestor = end === -1 ? folder : folder.slice(0, end);
      matched = this.folders.get(ancestor) ?? this.answer(ancestor, matched).matched;
      if (this.folders.size >= mostFolders) this.folders.clear();
      this.folders.set(ancestor, matched);
      if (end === -1) return matched;
    }
  }

  /**
   * What each rule says of a path whose folder gave `above`. As in the engine, a rule is not asked where it
   * could change nothing, and what was not asked of a folder does not hold below it.
   */
  private answer(path: string, above: readonly boolean[] | undefined): { matched: boolean[]; rule: number } {
    const matched: boolean[] = [];
    let ignored = false;
    let decisive = -1;
    for (let index = 0; index < this.rules.length; index++) {
      const readmits = this.rules[index]?.readmits ?? false;
      let match = above?.[index] ?? false;
      if (!match && readmits === ignored) match = this.matchers[index]?.matches(path) ?? false;
      matched.push(match);
      if (!match) continue;
      if (readmits || !ignored) decisive = index;
      ignored = !readmits;
    }
    return { matched, rule: decisive };
  }
}

function isRefused({ pattern }: IgnoreRule): boolean {
  return pattern === '' || isMalformed(pattern);
}

/** Answers kept for folders; a tree of 300,000 files has fewer. */
const mostFolders = 100_000;

/** No file has as many; beyond them, the text is not one that a person or a tool meant as rules. */
const mostRules = 100_000;

function* rulesOf(text: string): Generator<IgnoreRule> {
  let count = 0;
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (at < text.length) {
    const newline = text.indexOf('\n', at);
    const end = newline === -1 ? text.length : newline;
    const line = text.slice(at, end);
    const trimmed = line.trim();
    if (!line.startsWith('#') && trimmed !== '' && count++ < mostRules) {
      const start = at + line.indexOf(trimmed);
      yield rule(trimmed, { start, end: start + trimmed.length });
    }
    at = end + 1;
  }
}

/** The two cleanings a line goes through: in the engine's reader, then in its matcher. */
function rule(line: string, span: Span): IgnoreRule {
  const inverted = line.startsWith('!');
  let pattern = inverted ? line.slice(1).trim() : line;
  if (pattern !== '') pattern = cleanPath(pattern);
  if (pattern.length > 1 && pattern.startsWith('/')) pattern = pattern.slice(1);
  const cleaned = cleanPath((inverted ? `!${pattern}` : pattern).trim());
  const readmits = cleaned.startsWith('!');
  return { pattern: readmits ? cleaned.slice(1) : cleaned, readmits, span };
}
