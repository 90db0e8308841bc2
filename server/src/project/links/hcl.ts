import type { Span } from '../span';

/** A value as far as bake files need it: texts, lists and maps of texts. */
export type HclValue =
  | { readonly kind: 'text'; readonly text: string; readonly span: Span }
  | { readonly kind: 'list'; readonly items: readonly HclValue[]; readonly span: Span }
  | { readonly kind: 'map'; readonly entries: ReadonlyMap<string, HclValue>; readonly span: Span }
  /** A function call, a conditional, arithmetic: nobody computes it here. */
  | { readonly kind: 'unknown'; readonly span: Span };

export interface HclBlock {
  readonly type: string;
  readonly labels: readonly string[];
  readonly attributes: ReadonlyMap<string, HclValue>;
  readonly span: Span;
}

/** Blocks deeper than this are skipped over. */
const deepestValue = 20;

/**
 * The top-level blocks of an HCL file (`target "app" { context = "." }`). Reads texts with `${VAR}` through
 * `lookup`, lists and maps; anything else is an unknown value. Tolerant: broken text ends the reading early.
 */
export function readHcl(text: string, lookup: (name: string) => string | undefined): readonly HclBlock[] {
  return new HclReader(text, lookup).blocks();
}

const space = /(?:\s+|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$))*/y;
const name = /[A-Za-z_][\w-]*/y;
const quoted = /"(?:[^"\\\n$%]|\\.|[$%](?!\{)|[$%]\{[^}\n]*\})*"/y;

class HclReader {
  private at = 0;

  constructor(
    private readonly text: string,
    private readonly lookup: (name: string) => string | undefined,
  ) {}

  blocks(): readonly HclBlock[] {
    const found: HclBlock[] = [];
    for (;;) {
      this.match(space);
      const start = this.at;
      const type = this.match(name);
      if (type === undefined) return found;
      const labels: string[] = [];
      let label = this.nextLabel();
      for (; label !== undefined; label = this.nextLabel()) labels.push(label);
      if (this.take('{')) {
        const attributes = this.attributes(0);
        found.push({ type, labels, attributes, span: { start, end: this.at } });
      } else if (this.take('=')) {
        this.value(0);
      } else {
        return found;
      }
    }
  }

  private nextLabel(): string | undefined {
    this.match(space);
    const text = this.match(quoted);
    if (text !== undefined) return text.slice(1, -1);
    return this.match(name);
  }

  /** Up to and with the closing brace. Nested blocks (`matrix`, `attest`) are read and dropped. */
  private attributes(depth: number): ReadonlyMap<string, HclValue> {
    const found = new Map<string, HclValue>();
    for (;;) {
      this.match(space);
      while (this.take(',')) this.match(space);
      if (this.at >= this.text.length || this.take('}')) return found;
      const key = this.match(quoted)?.slice(1, -1) ?? this.match(name);
      if (key === undefined) {
        this.skipLine();
        continue;
      }
      this.match(space);
      if (this.take('=') || this.take(':')) found.set(key, this.value(depth + 1));
      else if (depth < deepestValue && (this.take('{') || (this.nextLabel() !== undefined && this.take('{'))))
        this.attributes(depth + 1);
      else this.skipLine();
    }
  }

  private value(depth: number): HclValue {
    this.match(space);
    const start = this.at;
    if (depth > deepestValue) return this.unknownValue(start);
    const plain = this.match(quoted);
    if (plain !== undefined) return this.endOfValue(start, this.textValue(plain, start));
    if (this.take('[')) return this.endOfValue(start, this.list(start, depth));
    if (this.take('{')) {
      const entries = this.attributes(depth);
      return this.endOfValue(start, { kind: 'map', entries, span: { start, end: this.at } });
    }
    const word = this.match(name);
    const known = word === undefined ? undefined : this.lookup(word);
    if (known !== undefined)
      return this.endOfValue(start, { kind: 'text', text: known, span: { start, end: this.at } });
    return this.unknownValue(start);
  }

  private list(start: number, depth: number): HclValue {
    const items: HclValue[] = [];
    for (;;) {
      this.match(space);
      while (this.take(',')) this.match(space);
      if (this.at >= this.text.length || this.take(']'))
        return { kind: 'list', items, span: { start, end: this.at } };
      const before = this.at;
      items.push(this.value(depth + 1));
      if (this.at === before) this.at++;
    }
  }

  private textValue(literal: string, start: number): HclValue {
    const span = { start, end: this.at };
    let isKnown = true;
    const text = literal
      .slice(1, -1)
      .replace(/\\(.)|\$\{\s*([^}]*?)\s*\}|%\{[^}]*\}/g, (_, escaped?: string, variable?: string) => {
        if (escaped !== undefined) return escaped === 'n' ? '\n' : escaped === 't' ? '\t' : escaped;
        const value = variable === undefined ? undefined : this.lookup(variable);
        if (value === undefined) isKnown = false;
        return value ?? '';
      });
    return isKnown ? { kind: 'text', text, span } : { kind: 'unknown', span };
  }

  /** An operator after a value (`a ? b : c`, `x + y`) makes it one nobody knows. */
  private endOfValue(start: number, value: HclValue): HclValue {
    const after = /[ \t]*(?=[?+*/%&|<>!(.[=-])/y;
    after.lastIndex = this.at;
    const comment = /[ \t]*(?:\/\/|\/\*|#)/y;
    comment.lastIndex = this.at;
    return after.test(this.text) && !comment.test(this.text) ? this.unknownValue(start) : value;
  }

  /** Skips an expression to the end of its line, its list item or its block. */
  private unknownValue(start: number): HclValue {
    let open = 0;
    while (this.at < this.text.length) {
      const character = this.text[this.at] as string;
      if (character === '"' && this.match(quoted) !== undefined) continue;
      if ('([{'.includes(character)) open++;
      if (')]}'.includes(character) && --open < 0) break;
      if (open === 0 && (character === '\n' || character === ',')) break;
      this.at++;
    }
    return { kind: 'unknown', span: { start, end: this.at } };
  }

  private skipLine(): void {
    const end = this.text.indexOf('\n', this.at);
    this.at = end === -1 ? this.text.length : end + 1;
  }

  private match(expression: RegExp): string | undefined {
    expression.lastIndex = this.at;
    const found = expression.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  private take(character: string): boolean {
    if (this.text[this.at] !== character) return false;
    this.at++;
    return true;
  }
}
