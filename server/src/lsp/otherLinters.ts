import type { Overlap } from '../protocol/languageServer';

/** What other linters show on the open documents, as the editor tells us. */
export class OtherLinters {
  private count = 0;
  private readonly codes = new Map<string, ReadonlySet<string>>();

  constructor(
    /** Patterns of the codes that installed linters can show. */
    private readonly installed: readonly RegExp[],
  ) {}

  get changes(): number {
    return this.count;
  }

  /** True when this says something new. */
  shows(uri: string, codes: readonly string[]): boolean {
    const known = this.codes.get(uri) ?? new Set();
    if (known.size === codes.length && codes.every((code) => known.has(code))) return false;
    this.codes.set(uri, new Set(codes));
    this.count += 1;
    return true;
  }

  forget(uri: string): void {
    this.codes.delete(uri);
  }

  /** The codes that another linter shows on this document, or would show. */
  takenOn(uri: string, overlap: Overlap): Pick<ReadonlySet<string>, 'has'> {
    if (overlap === 'never') return { has: (code) => this.installed.some((pattern) => pattern.test(code)) };
    const shown = overlap === 'auto' ? this.codes.get(uri) : undefined;
    return shown ?? new Set();
  }
}
