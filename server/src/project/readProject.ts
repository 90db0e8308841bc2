import type { FileTree } from './fileTree';
import type { Project } from './project';

/** What `readProject` still wants to see of a path. */
export interface Want {
  readonly path: string;
  readonly what: 'text' | 'header';
}

/** Parsed files kept by path and text between two readings. */
export class ProjectCache {
  private readonly parsed = new Map<string, { text: string; value: unknown }>();

  /** The parsed form of `text`, from the last reading when the text is the same. `kind` separates parsers. */
  parse<T>(kind: string, path: string, text: string, parser: (text: string) => T): T {
    const key = `${kind}\0${path}`;
    const hit = this.parsed.get(key);
    if (hit && hit.text === text) return hit.value as T;
    const value = parser(text);
    this.parsed.set(key, { text, value });
    return value;
  }
}

/**
 * Reads the project in `tree`. Does no I/O: when `wants` is not empty the caller fetches those paths into a new
 * tree and calls again with the same cache.
 */
export function readProject(tree: FileTree, cache: ProjectCache): { project: Project; wants: readonly Want[] } {
  void cache;
  return { project: { tree }, wants: [] };
}
