import type { RuleMeta } from '../lint/rule';
import type { Overlap } from '../protocol/languageServer';

/** What other linters show on the open documents, as the editor tells us. */
export class OtherLinters {
  private count = 0;
  private readonly codes = new Map<string, ReadonlySet<string>>();

  constructor(
    private readonly rules: readonly RuleMeta[],
    /** Codes that an installed linter would show if it found them. */
    private readonly installedCodes: ReadonlySet<string>,
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

  /** Names of the rules whose findings another linter shows on this document. */
  leftToOthers(uri: string, overlap: Overlap): ReadonlySet<string> {
    if (overlap === 'always') return new Set();
    const taken = overlap === 'never' ? this.installedCodes : (this.codes.get(uri) ?? new Set<string>());
    if (taken.size === 0) return new Set();
    return new Set(
      this.rules.filter((rule) => rule.aliases?.some((alias) => taken.has(alias))).map((rule) => rule.name),
    );
  }
}
