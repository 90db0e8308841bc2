import { isMap, isScalar, isSeq, type Node, parseDocument } from 'yaml';
import type { Message } from '../../protocol/message';
import { type Answer, absent, known, unknown } from '../answer';
import { hasLongerLine } from '../hasLongerLine';
import type { Span } from '../span';
import { normalizedName } from './normalizedName';
import { type RequirementsEntry, requirementsLine } from './requirements';
import { shortened } from './shortened';

/** A conda environment file: channels, conda packages, and what pip installs after them. */
export interface CondaEnvironment {
  readonly name: string | undefined;
  readonly channels: readonly { readonly name: string; readonly span: Span }[];
  readonly packages: readonly CondaPackage[];
  /** The nested `pip:` list, each item as a line of a requirements file. */
  readonly pip: readonly RequirementsEntry[];
  readonly problem: { readonly what: Message; readonly span: Span } | undefined;
}

export interface CondaPackage {
  readonly name: string;
  readonly nameSpan: Span;
  readonly channel: string | undefined;
  /** What stands after the name, as written; empty when nothing does. */
  readonly constraint: string;
  /** The one version; absent for a range. `name=1.2` means 1.2.*, `name==1.2` and `name=1.2=build` mean 1.2. */
  readonly version: Answer<string>;
  readonly build: string | undefined;
  readonly span: Span;
}

/**
 * Several times the longest exported environment. The YAML parser's work on broken text grows with the square of
 * a line, and faster than the text.
 */
const longestRead = 1 << 16;
const longestLine = 1000;

export function readEnvironmentYml(text: string): CondaEnvironment {
  const empty: CondaEnvironment = {
    name: undefined,
    channels: [],
    packages: [],
    pip: [],
    problem: undefined,
  };
  if (text.length > longestRead || hasLongerLine(text, longestLine)) {
    return {
      ...empty,
      problem: { what: { template: 'The file is too long to be read' }, span: { start: 0, end: 0 } },
    };
  }
  const parsed = parsedYaml(text);
  if (!parsed) return { ...empty, problem: { what: notYaml(''), span: { start: 0, end: 0 } } };
  const { root, problem } = parsed;
  const dependencies = items(valueOf(root, 'dependencies'));
  const name = stringOf(valueOf(root, 'name'));
  return {
    name: name?.text,
    channels: items(valueOf(root, 'channels')).flatMap((item) => {
      const channel = stringOf(item);
      return channel ? { name: channel.text, span: channel.span } : [];
    }),
    packages: dependencies.flatMap((item) => {
      const spec = stringOf(item);
      return (spec && condaPackage(spec.text, spec.span)) ?? [];
    }),
    pip: dependencies
      .flatMap((item) => items(valueOf(item, 'pip')))
      .flatMap((item) => {
        const line = stringOf(item);
        return line ? [...requirementsLine(line.text, line.span.start)] : [];
      }),
    problem,
  };
}

function parsedYaml(text: string): { root: Node | null; problem: CondaEnvironment['problem'] } | undefined {
  try {
    const document = parseDocument(text, { strict: false, uniqueKeys: false, logLevel: 'silent' });
    const [error] = document.errors;
    const span = error && {
      start: Math.min(error.pos[0], text.length),
      end: Math.max(Math.min(error.pos[0], text.length), Math.min(error.pos[1], text.length)),
    };
    return {
      root: document.contents,
      problem: error && span ? { what: notYaml(error.message.split('\n', 1)[0] ?? ''), span } : undefined,
    };
  } catch {
    // Nesting of tens of thousands of brackets ends the parser's recursion.
    return undefined;
  }
}

function notYaml(reason: string): Message {
  return { template: 'This is not valid YAML: {reason}', with: { reason: shortened(reason) } };
}

function valueOf(node: unknown, key: string): unknown {
  if (!isMap(node)) return undefined;
  return node.items.find((pair) => isScalar(pair.key) && pair.key.value === key)?.value;
}

function items(node: unknown): readonly unknown[] {
  return isSeq(node) ? node.items : [];
}

function stringOf(node: unknown): { text: string; span: Span } | undefined {
  if (!isScalar(node) || typeof node.value !== 'string' || !node.range) return undefined;
  const quoted = node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE' ? 1 : 0;
  const start = node.range[0] + quoted;
  const end = Math.max(start, node.range[1] - quoted);
  // A value folded from several lines, or with escapes, is longer or shorter than its place.
  const text = node.value.slice(0, end - start);
  return { text, span: { start, end } };
}

const spec = /^\s*(?:([A-Za-z0-9_./:-]+)::)?([A-Za-z0-9_][A-Za-z0-9_.-]*)\s*(\[[^\]]*\]|[=<>!~ ].*)?$/;

function condaPackage(text: string, span: Span): CondaPackage | undefined {
  const match = spec.exec(text);
  const [, channel, name, rest = ''] = match ?? [];
  if (name === undefined) return undefined;
  const start = span.start + text.indexOf(name, channel === undefined ? 0 : text.indexOf('::'));
  return {
    name: normalizedName(name),
    nameSpan: { start, end: start + name.length },
    channel,
    constraint: rest.trim(),
    ...versionOf(rest.trim()),
    span,
  };
}

function versionOf(constraint: string): { version: Answer<string>; build: string | undefined } {
  if (constraint === '') return { version: absent, build: undefined };
  const bracket = /version\s*=\s*['"]?([^'",\]]+)/.exec(constraint)?.[1];
  const plain = constraint.startsWith('[') ? (bracket ?? '') : constraint;
  const exact = /^(?:==\s*([\w.!+]+)(?:=([\w.*]+))?|=?\s*([\w.!+]+)(?:=|\s+)([\w.*]+))$/.exec(plain);
  if (exact) return { version: known(exact[1] ?? exact[3] ?? ''), build: exact[2] ?? exact[4] };
  return { version: /[{$]/.test(plain) ? unknown : absent, build: undefined };
}
