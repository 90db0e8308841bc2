import type { Span } from '../span';
import type { SpannedEntry, SpannedList, SpannedTable, SpannedText, SpannedValue } from './spannedValue';

/**
 * Reads TOML so that a half-typed or broken file still gives what can be found: a wrong line is skipped, an
 * open string ends at its line, an open list before the next header. Whether the text is valid TOML is not its
 * business (`tomlProblem` tells). Linear in the text.
 */
export function readToml(text: string): SpannedTable {
  return new TomlReader(text).document();
}

/** Reads JSON the same tolerant way. */
export function readJson(text: string): SpannedValue | undefined {
  return new TomlReader(text).only();
}

/** Reads the one TOML value that starts at `at`. */
export function readTomlValue(text: string, at: number): SpannedValue | undefined {
  return new TomlReader(text, at).only();
}

interface OpenTable {
  readonly kind: 'table';
  readonly entries: Map<string, SpannedEntry>;
  span: Span;
}

interface OpenList {
  readonly kind: 'list';
  readonly items: SpannedValue[];
  span: Span;
}

interface Key {
  readonly name: string;
  readonly span: Span;
}

/** Deeper nesting is not read; no manifest comes near. */
const deepest = 64;

const blank = /[ \t\r]*/y;
const bareKey = /[A-Za-z0-9_-]+/y;
const bareValue = /[^,\]}#\n\r]*/y;
/** A header or an assignment at the start of a line. */
const topLevel = /^(?:\[{1,2}[A-Za-z_][A-Za-z0-9_"'.\- ]*\]{1,2}\s*(?:#|$)|[A-Za-z0-9_.-]+[ \t]*=)/;

const escapes: Readonly<Record<string, string>> = { b: '\b', t: '\t', n: '\n', f: '\f', r: '\r', e: '\x1b' };

class TomlReader {
  private readonly root: OpenTable;
  private current: OpenTable;

  constructor(
    private readonly text: string,
    private at = text.charCodeAt(0) === 0xfeff ? 1 : 0,
  ) {
    this.root = { kind: 'table', entries: new Map(), span: { start: 0, end: text.length } };
    this.current = this.root;
  }

  document(): SpannedTable {
    for (;;) {
      this.skipLines();
      if (this.at >= this.text.length) return this.root;
      const start = this.at;
      if (this.text[this.at] === '[') this.header();
      else this.assignment(this.current, 0);
      this.skip(blank);
      const atNextLine = this.at > start && this.text[this.at - 1] === '\n';
      if (!atNextLine) this.skipLine();
    }
  }

  only(): SpannedValue | undefined {
    this.skipLines();
    return this.value(0);
  }

  private header(): void {
    const start = this.at;
    const isList = this.text.startsWith('[[', this.at);
    this.at += isList ? 2 : 1;
    const keys = this.keys();
    this.skip(blank);
    const close = isList ? ']]' : ']';
    if (this.text.startsWith(close, this.at)) this.at += close.length;
    const span = { start, end: this.at };
    const last = keys.pop();
    if (!last) {
      this.skipLine();
      return;
    }
    const parent = this.descend(this.root, keys, span);
    if (!parent) {
      this.current = table(span);
    } else if (isList) {
      const present = parent.entries.get(last.name)?.value;
      this.current = table(span);
      if (present?.kind === 'list') (present as OpenList).items.push(this.current);
      else if (!present) put(parent, last, { kind: 'list', items: [this.current], span } as OpenList);
    } else {
      this.current = this.descend(parent, [last], span) ?? table(span);
    }
  }

  /** `key = value`; JSON's colon is taken too. Returns false when there is none. */
  private assignment(into: OpenTable, depth: number): boolean {
    const keys = this.keys();
    this.skip(blank);
    const sign = this.text[this.at];
    const last = keys.pop();
    if (!last || (sign !== '=' && sign !== ':')) return false;
    this.at++;
    if (depth > 0) this.skipLines();
    else this.skip(blank);
    const value = this.value(depth);
    const parent = this.descend(into, keys, last.span);
    if (value && parent && !parent.entries.has(last.name)) put(parent, last, value);
    return value !== undefined;
  }

  /** Walks or makes the tables of a dotted key; in a list of tables, the last one is meant. */
  private descend(from: OpenTable, keys: readonly Key[], span: Span): OpenTable | undefined {
    let at = from;
    for (const key of keys) {
      const present = at.entries.get(key.name)?.value;
      if (!present) {
        const made = table(span);
        put(at, key, made);
        at = made;
      } else {
        const next = present.kind === 'list' ? present.items.at(-1) : present;
        if (next?.kind !== 'table') return undefined;
        at = next as OpenTable;
      }
    }
    return at;
  }

  private keys(): Key[] {
    const keys: Key[] = [];
    for (;;) {
      this.skip(blank);
      const character = this.text[this.at];
      if (character === '"' || character === "'") {
        const quoted = this.quoted();
        keys.push({ name: quoted.value, span: quoted.inner });
      } else {
        const start = this.at;
        this.skip(bareKey);
        if (this.at === start) return keys;
        keys.push({ name: this.text.slice(start, this.at), span: { start, end: this.at } });
      }
      this.skip(blank);
      if (this.text[this.at] !== '.' || keys.length > deepest) return keys;
      this.at++;
    }
  }

  private value(depth: number): SpannedValue | undefined {
    switch (this.text[this.at]) {
      case '"':
      case "'":
        return this.quoted();
      case '[':
        return depth < deepest ? this.list(depth) : this.tooDeep();
      case '{':
        return depth < deepest ? this.inlineTable(depth) : this.tooDeep();
      default: {
        const start = this.at;
        this.skip(bareValue);
        const written = this.text.slice(start, this.at).trimEnd();
        return written === ''
          ? undefined
          : { kind: 'scalar', value: written, span: { start, end: start + written.length } };
      }
    }
  }

  private tooDeep(): undefined {
    this.at = this.text.length;
    return undefined;
  }

  private list(depth: number): SpannedList {
    const start = this.at++;
    const items: SpannedValue[] = [];
    for (;;) {
      this.skipLines();
      const character = this.text[this.at];
      if (character === undefined) break;
      if (character === ']') {
        this.at++;
        break;
      }
      if (character === ',') {
        this.at++;
        continue;
      }
      if (this.isNextTopLevel()) break;
      const item = this.value(depth + 1);
      if (item) items.push(item);
      else if (this.at < this.text.length) this.at++;
    }
    return { kind: 'list', items, span: { start, end: this.at } };
  }

  private inlineTable(depth: number): SpannedTable {
    const start = this.at++;
    const made = table({ start, end: start });
    for (;;) {
      this.skipLines();
      const character = this.text[this.at];
      if (character === undefined) break;
      if (character === '}') {
        this.at++;
        break;
      }
      if (character === ',') {
        this.at++;
        continue;
      }
      if (this.isNextTopLevel()) break;
      const before = this.at;
      this.assignment(made, depth + 1);
      if (this.at === before) this.at++;
    }
    made.span = { start, end: this.at };
    return made;
  }

  /**
   * Inside a list or inline table: whether a header or an assignment begins at this line start, so that the
   * closing bracket must have been forgotten. An indented line never counts.
   */
  private isNextTopLevel(): boolean {
    if (this.text[this.at - 1] !== '\n') return false;
    const end = this.text.indexOf('\n', this.at);
    return topLevel.test(
      this.text.slice(this.at, Math.min(end === -1 ? this.text.length : end, this.at + 200)),
    );
  }

  private quoted(): SpannedText {
    const { text } = this;
    const start = this.at;
    const quote = text[start] ?? '"';
    const triple = quote.repeat(3);
    if (text.startsWith(triple, start)) return this.multiline(quote, triple, start);
    const next = text.indexOf(quote, start + 1);
    if (next !== -1) {
      const plain = text.slice(start + 1, next);
      if (!plain.includes('\n') && !plain.includes('\\')) {
        this.at = next + 1;
        const inner = { start: start + 1, end: next };
        return { kind: 'text', value: plain, span: { start, end: this.at }, inner };
      }
    }
    let escaped = false;
    let end = start + 1;
    for (; end < text.length; end++) {
      const character = text[end];
      if (character === quote || character === '\n') break;
      if (character === '\\' && quote === '"') {
        escaped = true;
        if (text[end + 1] !== '\n') end++;
      }
    }
    end = Math.min(end, text.length);
    const closed = text[end] === quote;
    this.at = closed ? end + 1 : end;
    const inner = { start: start + 1, end: Math.max(start + 1, end) };
    const raw = text.slice(inner.start, inner.end);
    return { kind: 'text', value: escaped ? unescaped(raw) : raw, span: { start, end: this.at }, inner };
  }

  private multiline(quote: string, triple: string, start: number): SpannedText {
    const { text } = this;
    let from = start + 3;
    if (text[from] === '\r') from++;
    if (text[from] === '\n') from++;
    let end = text.indexOf(triple, from);
    if (quote === '"') while (end !== -1 && isEscaped(text, end, from)) end = text.indexOf(triple, end + 1);
    if (end === -1) end = text.length;
    // Up to two quotes may stand directly before the closing three.
    for (let extra = 0; extra < 2 && text[end + 3] === quote; extra++) end++;
    this.at = Math.min(text.length, end + 3);
    const inner = { start: Math.min(from, end), end };
    const raw = text.slice(inner.start, inner.end);
    return {
      kind: 'text',
      value: quote === '"' ? unescaped(raw) : raw,
      span: { start, end: this.at },
      inner,
    };
  }

  private skip(pattern: RegExp): void {
    pattern.lastIndex = this.at;
    if (pattern.test(this.text)) this.at = pattern.lastIndex;
  }

  /** Blanks, line ends and comments. A loop, for a pattern that repeats a group runs out of stack in long files. */
  private skipLines(): void {
    for (; this.at < this.text.length; this.at++) {
      const code = this.text.charCodeAt(this.at);
      if (code === 35) this.skipLine();
      else if (code !== 32 && code !== 10 && code !== 9 && code !== 13) return;
    }
  }

  private skipLine(): void {
    const end = this.text.indexOf('\n', this.at);
    this.at = end === -1 ? this.text.length : end;
  }
}

function table(span: Span): OpenTable {
  return { kind: 'table', entries: new Map(), span };
}

function put(into: OpenTable, key: Key, value: SpannedValue): void {
  into.entries.set(key.name, { key: key.name, keySpan: key.span, value });
}

function isEscaped(text: string, at: number, from: number): boolean {
  let backslashes = 0;
  while (at - 1 - backslashes >= from && text[at - 1 - backslashes] === '\\') backslashes++;
  return backslashes % 2 === 1;
}

function unescaped(raw: string): string {
  if (!raw.includes('\\')) return raw;
  return raw.replace(
    /\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{2})|\s*\n\s*|([\s\S]))/g,
    (whole, four?: string, eight?: string, two?: string, single?: string) => {
      const hex = four ?? eight ?? two;
      if (hex !== undefined) {
        const point = Number.parseInt(hex, 16);
        return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
      }
      return single === undefined ? '' : (escapes[single] ?? single);
    },
  );
}
