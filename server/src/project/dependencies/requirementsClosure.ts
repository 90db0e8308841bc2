import type { IncludeEntry, RequirementsFile } from './requirements';

/** A requirements file and everything it includes with `-r` and `-c`. */
export interface RequirementsClosure {
  /** In the order pip meets them; the root is first. */
  readonly files: readonly ClosureFile[];
  /** Paths that are included but whose text was not to be had: fetch them and ask again. */
  readonly wants: readonly string[];
  /** Each circle of includes by its paths, first and last the same. pip would recurse without end. */
  readonly cycles: readonly (readonly string[])[];
}

export interface ClosureFile {
  readonly path: string;
  readonly file: RequirementsFile;
  /** Whether its lines only limit versions (`-c`), and install nothing. */
  readonly constraint: boolean;
}

/** More files than any project has; a hostile chain stops here. */
const mostFiles = 500;

/**
 * Follows includes from `path`. `read` gives the parsed file of a path in the project, undefined when its text
 * is not there (yet). URLs, absolute paths and paths with environment variables are not followed.
 */
export function requirementsClosure(
  path: string,
  read: (path: string) => RequirementsFile | undefined,
): RequirementsClosure {
  const files: ClosureFile[] = [];
  const wants = new Set<string>();
  const cycles: string[][] = [];
  const seen = new Set<string>();
  const trail: string[] = [];

  const visit = (at: string, constraint: boolean): void => {
    const circleFrom = trail.indexOf(at);
    if (circleFrom !== -1) {
      cycles.push([...trail.slice(circleFrom), at]);
      return;
    }
    const key = `${constraint ? 'c' : 'r'}\0${at}`;
    if (seen.has(key) || files.length >= mostFiles) return;
    seen.add(key);
    const file = read(at);
    if (!file) {
      wants.add(at);
      return;
    }
    files.push({ path: at, file, constraint });
    trail.push(at);
    for (const entry of file.entries) {
      const target = entry.kind === 'include' ? includedPath(at, entry) : undefined;
      // As in pip, a file that a constraints file includes with -r does install.
      if (target !== undefined && entry.kind === 'include') visit(target, entry.constraint);
    }
    trail.pop();
  };
  visit(path, false);
  return { files, wants: [...wants], cycles };
}

/** The project path an include names; undefined where it lies outside the project or is not a plain path. */
function includedPath(from: string, include: IncludeEntry): string | undefined {
  const written = include.path;
  if (written === '' || /^(?:[a-z][a-z0-9+.-]*:|[/\\])/i.test(written) || written.includes('$'))
    return undefined;
  const parts = from.split('/').slice(0, -1);
  for (const part of written.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}
