import { explain, satisfies } from '@renovatebot/pep440';
import type { Message } from '../../protocol/message';
import { type Answer, absent, known, unknown } from '../answer';
import type { Span } from '../span';
import { shortened } from './shortened';
import { environmentVariable } from './environmentVariable';

/** One comparison of a version specifier, such as `>=1.2`. Spans are of the operator and of the version. */
export interface Clause {
  readonly operator: Operator;
  readonly version: string;
  readonly operatorSpan: Span;
  readonly versionSpan: Span;
}

/** A PEP 440 version specifier: every clause must hold. `text` is normalised (`>=1,<2`), `span` is as written. */
export interface Specifier {
  readonly text: string;
  readonly span: Span;
  readonly clauses: readonly Clause[];
}

export type Operator = '==' | '===' | '~=' | '!=' | '<=' | '>=' | '<' | '>';

/** Longer than any version on an index; keeps hostile input away from the version grammar's backtracking. */
const longestVersion = 128;

const clausePattern = /\s*(?:(===|==|~=|!=|<=|>=|<|>)\s*)([^\s,;()=<>!~"'#[\]]*)/y;

/**
 * Reads clauses from `line` at `at`. `end` is where reading stopped; `problem` says what pip refuses there.
 * `offset` is where `line` starts in its file.
 */
export function readSpecifier(
  line: string,
  at: number,
  offset: number,
): { specifier: Specifier | undefined; end: number; problem?: Message; problemSpan?: Span } {
  const clauses: Clause[] = [];
  let end = at;
  for (;;) {
    clausePattern.lastIndex = end;
    const match = clausePattern.exec(line);
    if (!match) break;
    const [whole, operator = '', version = ''] = match;
    const versionEnd = offset + end + whole.length;
    const versionSpan = { start: versionEnd - version.length, end: versionEnd };
    const operatorStart = offset + end + whole.search(/\S/);
    if (!isVersionFor(operator as Operator, version)) {
      return {
        specifier: undefined,
        end,
        problem: {
          template: '{text} is not a version specifier',
          with: { text: shortened(operator + version) },
        },
        problemSpan: { start: operatorStart, end: versionEnd },
      };
    }
    clauses.push({
      operator: operator as Operator,
      version,
      operatorSpan: { start: operatorStart, end: operatorStart + operator.length },
      versionSpan,
    });
    end += whole.length;
    const comma = /\s*,/y;
    comma.lastIndex = end;
    const after = comma.exec(line);
    if (!after) break;
    end += after[0].length;
  }
  const first = clauses[0];
  const last = clauses.at(-1);
  if (!first || !last) return { specifier: undefined, end: at };
  return {
    specifier: {
      text: clauses.map((clause) => clause.operator + clause.version).join(','),
      span: { start: first.operatorSpan.start, end: last.versionSpan.end },
      clauses,
    },
    end,
  };
}

/** The one version a specifier allows; absent for a range, unknown where an environment variable decides. */
export function pinnedVersion(specifier: Specifier | undefined): Answer<string> {
  if (!specifier) return absent;
  const pin = specifier.clauses.find(
    (clause) => (clause.operator === '==' || clause.operator === '===') && !clause.version.endsWith('.*'),
  );
  if (!pin) return absent;
  return environmentVariable.test(pin.version) ? unknown : known(pin.version);
}

/** One PEP 440 comparison. Pre-releases count as versions; both versions must be valid. */
export function clauseAllows(operator: Operator, bound: string, version: string): boolean {
  if (operator === '===') return bound.toLowerCase() === version.toLowerCase();
  return satisfies(version, operator + bound, { prereleases: true });
}

/** Whether pip takes `version` after `operator`; a `${VARIABLE}` inside may be anything. */
function isVersionFor(operator: Operator, version: string): boolean {
  if (version === '' || version.length > longestVersion) return false;
  if (environmentVariable.test(version) || operator === '===') return true;
  if (version.endsWith('.*')) {
    return (operator === '==' || operator === '!=') && explain(version.slice(0, -2)) !== null;
  }
  const parsed = explain(version);
  if (!parsed) return false;
  if (operator === '~=') return parsed.release.length > 1;
  return parsed.local === null || operator === '==' || operator === '!=';
}

export function isVersion(version: string): boolean {
  return version.length <= longestVersion && explain(version) !== null;
}
