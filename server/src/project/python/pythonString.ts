import type { Span } from '../span';
import type { PythonText } from './pythonModule';

const opening = /^([A-Za-z]{0,3})("""|'''|"|')/;

/** One string token at `span`; undefined for bytes. An unclosed string ends where its token ends. */
export function pythonText(text: string, span: Span): PythonText | undefined {
  const raw = text.slice(span.start, span.end);
  const match = opening.exec(raw);
  if (!match) return undefined;
  const [whole, prefix = '', quote = '"'] = match;
  if (/[bB]/.test(prefix)) return undefined;
  const closed = raw.length >= whole.length + quote.length && raw.endsWith(quote);
  const inner = { start: span.start + whole.length, end: span.end - (closed ? quote.length : 0) };
  const body = text.slice(inner.start, inner.end);
  return { kind: 'text', value: /[rR]/.test(prefix) ? body : unescapedPython(body), span, inner };
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

export function unescapedPython(body: string): string {
  if (!body.includes('\\')) return body;
  return body.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|(\r\n|[\s\S]))/g,
    (whole, two?: string, four?: string, eight?: string, octal?: string, single?: string) => {
      if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
      const hex = two ?? four ?? eight;
      if (hex !== undefined) {
        const point = Number.parseInt(hex, 16);
        return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
      }
      if (single === '\r\n') return '';
      return escapes[single ?? ''] ?? whole;
    },
  );
}
