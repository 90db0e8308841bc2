import type { Span } from '../span';
import { readTomlValue } from './readToml';
import type { SpannedValue } from './spannedValue';

/**
 * One `[header]` or `[[header]]` of a machine-written TOML file with the keys below it. Values are read only
 * when asked for: most of a lock file is lists of wheels nobody looks at.
 */
export class LockTable {
  private readonly starts = new Map<string, number>();

  constructor(
    private readonly text: string,
    /** Without brackets; empty before the first header. */
    readonly header: string,
    readonly span: Span,
  ) {}

  get keys(): Iterable<string> {
    return this.starts.keys();
  }

  value(key: string): SpannedValue | undefined {
    const start = this.starts.get(key);
    return start === undefined ? undefined : readTomlValue(this.text, start);
  }

  /** The key's place; the name may be quoted. */
  keySpan(key: string): Span {
    const value = this.starts.get(key) ?? 0;
    const line = this.text.lastIndexOf('\n', value - 1) + 1;
    const start = line + (this.text[line] === '"' ? 1 : 0);
    return { start, end: start + key.length };
  }

  add(key: string, valueStart: number): void {
    if (!this.starts.has(key)) this.starts.set(key, valueStart);
  }
}

/**
 * Cuts a lock file into its tables line by line. Relies on what uv and Poetry always write: headers and keys at
 * the start of a line, the end of a long list as `]` at the start of a line.
 */
export function* lockTables(text: string): Generator<LockTable> {
  let table = new LockTable(text, '', { start: 0, end: 0 });
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (at < text.length) {
    const newline = text.indexOf('\n', at);
    const end = newline === -1 ? text.length : newline;
    let next = end + 1;
    const first = text.charCodeAt(at);
    if (first === 91) {
      yield table;
      table = new LockTable(text, headerName(text.slice(at, end)), { start: at, end });
    } else if (first === 34 || first === 95 || isLetterOrDigit(first)) {
      // Within the line only: a text without the sign would be searched to its end for every line.
      const line = text.slice(at, end);
      const equals = line.indexOf(' = ');
      if (equals !== -1) {
        const key = line.slice(0, equals);
        table.add(key.startsWith('"') ? key.slice(1, -1) : key, at + equals + 3);
        const last = text.charCodeAt(end - 1) === 13 ? end - 2 : end - 1;
        if (text.charCodeAt(last) === 91) next = afterList(text, end);
      }
    }
    at = next;
  }
  yield table;
}

function isLetterOrDigit(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57);
}

function headerName(line: string): string {
  return line.replace(/^\[+\s*/, '').replace(/\s*\]+\s*(?:#.*)?$/, '');
}

/** Where the line after the list's closing bracket starts; a forgotten bracket costs only its own table. */
function afterList(text: string, from: number): number {
  const close = text.indexOf('\n]', from - 1);
  const header = text.indexOf('\n[', from);
  const end = close === -1 || (header !== -1 && header < close) ? header : close + 2;
  return end === -1 ? text.length : header === end ? end + 1 : end;
}
