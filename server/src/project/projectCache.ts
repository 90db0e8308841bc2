import { SourceText } from './sourceText';

/** Parsed files kept by path and text between two readings of a project. */
export class ProjectCache {
  private readonly parsed = new Map<string, { text: string; value: unknown }>();

  /** The parsed form of `text`, from the last reading when the text is the same. `kind` separates parsers. */
  parse<T>(kind: string, path: string, text: string, parser: (source: SourceText) => T): T {
    const key = `${kind}\0${path}`;
    const hit = this.parsed.get(key);
    if (hit && hit.text === text) return hit.value as T;
    const value = parser(new SourceText(path, text));
    this.parsed.set(key, { text, value });
    return value;
  }
}
