import type { MemoryFile } from './memoryTree';

/** What a caret line says: the place above it, the severity and the message. */
export interface ExpectedFinding {
  readonly file: string;
  readonly line: number;
  readonly startColumn: number;
  /** Column behind the last caret. */
  readonly endColumn: number;
  readonly severity: string;
  readonly message: string;
}

export interface SpecCase {
  readonly title: string;
  /** 1-based line of the heading in the spec. */
  readonly line: number;
  readonly files: Readonly<Record<string, MemoryFile>>;
  readonly expected: readonly ExpectedFinding[];
  /** File -> text after the fix. */
  readonly fixed: Readonly<Record<string, string>>;
  /** The heading ends with "in strict". */
  readonly strict: boolean;
}

export interface RuleSpec {
  readonly rule: string;
  readonly cases: readonly SpecCase[];
}

const defaultNames: Readonly<Record<string, string>> = {
  dockerfile: 'Dockerfile',
  requirements: 'requirements.txt',
  python: 'app/main.py',
  toml: 'pyproject.toml',
  dockerignore: '.dockerignore',
};

/** The caret line: carets under the text, then `severity: message`. A leading `#` is taken for a blank. */
const caretLine = /^(#?\s*)(\^+)(…?)\s+(error|warning|info|hint): (.*)$/;

/**
 * Reads a rule's Markdown spec. A block's info string is `language [path] [fixed]`; a `files` block lists
 * `path bytes` of files whose content does not matter. Blocks under one heading are one project.
 */
export function readRuleSpec(markdown: string): RuleSpec {
  const lines = markdown.split('\n');
  const rule = (lines.find((line) => line.startsWith('# ')) ?? '').slice(2).trim();
  const cases: SpecCase[] = [];
  let current:
    | {
        title: string;
        line: number;
        files: Record<string, MemoryFile>;
        expected: ExpectedFinding[];
        fixed: Record<string, string>;
      }
    | undefined;
  const finish = (): void => {
    if (current) cases.push({ ...current, strict: /\bin strict$/.test(current.title) });
  };
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (line.startsWith('## ')) {
      finish();
      current = { title: line.slice(3).trim(), line: at + 1, files: {}, expected: [], fixed: {} };
    }
    const fence = /^(`{3,})(\S+)(.*)$/.exec(line);
    if (!fence || !current) continue;
    const [, ticks = '```', language = '', info = ''] = fence;
    const close = lines.findIndex((candidate, index) => index > at && candidate === ticks);
    const body = lines.slice(at + 1, close === -1 ? undefined : close);
    at = close === -1 ? lines.length : close;
    const words = info
      .trim()
      .split(/\s+/)
      .filter((word) => word !== '');
    const isFixed = words.includes('fixed');
    const name =
      words.find((word) => word !== 'fixed' && word !== 'crlf') ?? defaultNames[language] ?? language;
    if (language === 'files') {
      for (const entry of body) {
        const [path, bytes] = entry.trim().split(/\s+/);
        if (path) current.files[path] = { bytes: Number(bytes ?? 0) };
      }
    } else if (isFixed) {
      current.fixed[name] = withLineEnds(body, words.includes('crlf'));
    } else {
      const { text, expected } = readMarkedText(name, body);
      current.files[name] = withLineEnds(text, words.includes('crlf'));
      current.expected.push(...expected);
    }
  }
  finish();
  return { rule, cases };
}

function withLineEnds(lines: readonly string[], crlf: boolean): string {
  return lines.map((line) => line + (crlf ? '\r\n' : '\n')).join('');
}

function readMarkedText(
  file: string,
  body: readonly string[],
): { text: readonly string[]; expected: readonly ExpectedFinding[] } {
  const text: string[] = [];
  const expected: ExpectedFinding[] = [];
  for (const line of body) {
    const match = caretLine.exec(line);
    if (!match) {
      text.push(line);
      continue;
    }
    const [, indent = '', carets = '', , severity = '', message = ''] = match;
    const startColumn = indent.length + 1;
    expected.push({
      file,
      line: text.length,
      startColumn,
      endColumn: startColumn + carets.length,
      severity,
      message,
    });
  }
  return { text, expected };
}
