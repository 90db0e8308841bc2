import { type Answer, known, unknown } from '../answer';
import type { Span } from '../span';
import { normalizedName } from './normalizedName';
import { clauseAllows, isVersion, type Operator } from './specifier';

/** An environment marker (PEP 508): the condition after `;` in a requirement. */
export type Marker = MarkerTest | MarkerJunction;

export interface MarkerTest {
  readonly kind: 'test';
  readonly left: MarkerOperand;
  readonly operator: Operator | 'in' | 'not in';
  readonly right: MarkerOperand;
  readonly span: Span;
}

export interface MarkerJunction {
  readonly kind: 'and' | 'or';
  readonly parts: readonly Marker[];
  readonly span: Span;
}

export interface MarkerOperand {
  readonly kind: 'variable' | 'string';
  readonly value: string;
  readonly span: Span;
}

/**
 * Where a requirement would be installed. A variable that is left out is not known. `extras` are those asked of
 * the distribution that carries the marker; left out, they are not known either.
 */
export interface MarkerEnvironment {
  readonly variables: Readonly<Partial<Record<string, string>>>;
  readonly extras?: readonly string[];
  readonly groups?: readonly string[];
}

/** Names of PEP 345 and setuptools, still accepted by pip. */
const oldNames: Readonly<Record<string, string>> = {
  'os.name': 'os_name',
  'sys.platform': 'sys_platform',
  'platform.version': 'platform_version',
  'platform.machine': 'platform_machine',
  'platform.python_implementation': 'platform_python_implementation',
  python_implementation: 'platform_python_implementation',
};

const variableNames = new Set([
  'python_version',
  'python_full_version',
  'os_name',
  'sys_platform',
  'platform_release',
  'platform_system',
  'platform_version',
  'platform_machine',
  'platform_python_implementation',
  'implementation_name',
  'implementation_version',
  'extra',
  'extras',
  'dependency_groups',
]);

/** Only these compare as versions; the others compare as text. */
const versionVariables = new Set(['python_version', 'python_full_version', 'implementation_version']);

/** Deeper than any marker a person or a locker writes; keeps hostile parentheses off the stack. */
const deepest = 64;

const token = /\s*(?:(\()|(\))|(===|==|~=|!=|<=|>=|<|>)|("[^"\n]*"|'[^'\n]*')|([A-Za-z_][A-Za-z0-9_.]*))/y;

/** Reads the whole of `line` from `at` as a marker; undefined when it is none. `offset` is where `line` starts. */
export function readMarker(line: string, at: number, offset: number): Marker | undefined {
  const tokens = tokensOf(line, at, offset);
  if (!tokens) return undefined;
  const reader = new MarkerReader(tokens);
  const marker = reader.or(0);
  return marker && reader.atEnd ? marker : undefined;
}

interface Token {
  readonly kind: '(' | ')' | 'operator' | 'string' | 'word';
  readonly text: string;
  readonly span: Span;
}

function tokensOf(line: string, at: number, offset: number): Token[] | undefined {
  const tokens: Token[] = [];
  token.lastIndex = at;
  while (line.slice(token.lastIndex).trim() !== '') {
    const start = token.lastIndex;
    const match = token.exec(line);
    if (!match || tokens.length > 2000) return undefined;
    const kind = match[1] ? '(' : match[2] ? ')' : match[3] ? 'operator' : match[4] ? 'string' : 'word';
    const text = match[1] ?? match[2] ?? match[3] ?? match[4] ?? match[5] ?? '';
    const end = offset + start + match[0].length;
    tokens.push({ kind, text, span: { start: end - text.length, end } });
  }
  return tokens;
}

class MarkerReader {
  private at = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  get atEnd(): boolean {
    return this.at === this.tokens.length;
  }

  or(depth: number): Marker | undefined {
    return this.junction('or', () => this.and(depth));
  }

  private and(depth: number): Marker | undefined {
    return this.junction('and', () => this.test(depth));
  }

  private junction(kind: 'and' | 'or', part: () => Marker | undefined): Marker | undefined {
    const first = part();
    if (!first) return undefined;
    const parts = [first];
    while (this.takeWord(kind)) {
      const next = part();
      if (!next) return undefined;
      parts.push(next);
    }
    if (parts.length === 1) return first;
    return { kind, parts, span: { start: first.span.start, end: parts.at(-1)?.span.end ?? first.span.end } };
  }

  private test(depth: number): Marker | undefined {
    if (this.tokens[this.at]?.kind === '(') {
      if (depth >= deepest) return undefined;
      this.at++;
      const inner = this.or(depth + 1);
      if (!inner || this.tokens[this.at++]?.kind !== ')') return undefined;
      return inner;
    }
    const left = this.operand();
    const operator = left && this.operator();
    const right = operator && this.operand();
    if (!left || !operator || !right) return undefined;
    return { kind: 'test', left, operator, right, span: { start: left.span.start, end: right.span.end } };
  }

  private operand(): MarkerOperand | undefined {
    const next = this.tokens[this.at++];
    if (next?.kind === 'string') return { kind: 'string', value: next.text.slice(1, -1), span: next.span };
    if (next?.kind !== 'word') return undefined;
    const name = oldNames[next.text] ?? next.text;
    return variableNames.has(name) ? { kind: 'variable', value: name, span: next.span } : undefined;
  }

  private operator(): MarkerTest['operator'] | undefined {
    const next = this.tokens[this.at++];
    if (next?.kind === 'operator') return next.text as Operator;
    if (next?.kind !== 'word') return undefined;
    if (next.text === 'in') return 'in';
    return next.text === 'not' && this.takeWord('in') ? 'not in' : undefined;
  }

  private takeWord(word: string): boolean {
    const next = this.tokens[this.at];
    if (next?.kind !== 'word' || next.text !== word) return false;
    this.at++;
    return true;
  }
}

/** Whether the marker holds there. A requirement without marker always does. */
export function markerHolds(marker: Marker | undefined, environment: MarkerEnvironment): Answer<boolean> {
  if (!marker) return known(true);
  if (marker.kind === 'test') return testHolds(marker, environment);
  const decisive = marker.kind === 'or';
  let open = false;
  for (const part of marker.parts) {
    const answer = markerHolds(part, environment);
    if (answer.state !== 'known') open = true;
    else if (answer.value === decisive) return known(decisive);
  }
  return open ? unknown : known(!decisive);
}

function testHolds(test: MarkerTest, environment: MarkerEnvironment): Answer<boolean> {
  const { left, operator, right } = test;
  const variable = left.kind === 'variable' ? left.value : right.kind === 'variable' ? right.value : '';
  const text = left.kind === 'string' ? left.value : right.value;
  if (variable === 'extra') return listTest(environment.extras, operator, text);
  if (variable === 'extras') return listTest(environment.extras, operator === 'in' ? '==' : '!=', text);
  if (variable === 'dependency_groups') {
    return listTest(environment.groups, operator === 'in' ? '==' : '!=', text);
  }
  if (
    variable === 'python_full_version' &&
    environment.variables[variable] === undefined &&
    left.kind === 'variable'
  ) {
    return fullVersionTest(operator, text, environment.variables['python_version']);
  }
  const a = valueOf(left, environment);
  const b = valueOf(right, environment);
  return a === undefined || b === undefined
    ? unknown
    : known(compares(a, operator, b, versionVariables.has(variable)));
}

function valueOf(operand: MarkerOperand, environment: MarkerEnvironment): string | undefined {
  return operand.kind === 'string' ? operand.value : environment.variables[operand.value];
}

function listTest(list: readonly string[] | undefined, operator: string, name: string): Answer<boolean> {
  if (!list) return unknown;
  const wanted = normalizedName(name);
  const has = list.some((item) => normalizedName(item) === wanted);
  if (operator === '==' || operator === '===') return known(has);
  return operator === '!=' ? known(!has) : unknown;
}

/**
 * A base image's tag often says 3.11 and not 3.11.7: the answer is known where all patch releases agree.
 */
function fullVersionTest(
  operator: MarkerTest['operator'],
  bound: string,
  minor: string | undefined,
): Answer<boolean> {
  if (minor === undefined || operator === 'in' || operator === 'not in') return unknown;
  const exact = operator === '==' || operator === '!=' || operator === '===';
  if (exact && !bound.endsWith('.*') && `${bound}.`.startsWith(`${minor}.`)) return unknown;
  const first = compares(`${minor}.0`, operator, bound, true);
  const last = compares(`${minor}.999`, operator, bound, true);
  return first === last ? known(first) : unknown;
}

function compares(a: string, operator: MarkerTest['operator'], b: string, asVersions: boolean): boolean {
  if (operator === 'in') return b.includes(a);
  if (operator === 'not in') return !b.includes(a);
  const bound = b.endsWith('.*') ? b.slice(0, -2) : b;
  if (asVersions && isVersion(a) && isVersion(bound)) return clauseAllows(operator, b, a);
  switch (operator) {
    case '==':
    case '===':
      return a === b;
    case '!=':
      return a !== b;
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    case '~=':
      return false;
  }
}
