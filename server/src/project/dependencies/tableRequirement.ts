import { type Answer, absent, known, unknown } from '../answer';
import type { Span } from '../span';
import { markerIn } from './lockEntries';
import { normalizedName } from './normalizedName';
import type { Requirement, RequirementSource } from './requirement';
import {
  type SpannedEntry,
  type SpannedText,
  type SpannedValue,
  textAt,
  textsAt,
  valueAt,
} from './spannedValue';
import { isVersion, type Operator, pinnedVersion, readSpecifier, type Specifier } from './specifier';
import { wheelName } from './wheelName';

/** A dependency written as a key with a version or an inline table: Poetry and Pipfile. */
export interface TableRequirement {
  readonly requirement: Requirement;
  /** Only installed when an extra asks for it (Poetry). */
  readonly optional: boolean;
  /** Name of the package source it must come from. */
  readonly indexName: string | undefined;
}

/** One dependency; a list of alternatives by marker gives one each. */
export function* tableRequirements(entry: SpannedEntry): Generator<TableRequirement> {
  const { value } = entry;
  if (value.kind === 'list') for (const item of value.items) yield tableRequirement(entry, item);
  else yield tableRequirement(entry, value);
}

function tableRequirement(entry: SpannedEntry, value: SpannedValue): TableRequirement {
  const written = value.kind === 'text' ? value : textAt(value, 'version');
  const source = sourceIn(value);
  const constraint = written ? constraintIn(written) : { specifier: undefined, version: absent };
  const wheel = source && source.kind !== 'vcs' ? source.wheel : undefined;
  const optional = valueAt(value, 'optional');
  return {
    requirement: {
      name: normalizedName(entry.key),
      nameAsWritten: entry.key,
      nameSpan: entry.keySpan,
      extras: textsAt(value, 'extras').map((extra) => ({
        name: normalizedName(extra.value),
        span: extra.inner,
      })),
      specifier: constraint.specifier,
      version: source ? (wheel ? known(wheel.version) : unknown) : constraint.version,
      source,
      marker: markerIn(textAt(value, 'markers')),
      hashes: [],
      span: { start: Math.min(entry.keySpan.start, value.span.start), end: value.span.end },
    },
    optional: optional?.kind === 'scalar' && optional.value === 'true',
    indexName: (textAt(value, 'source') ?? textAt(value, 'index'))?.value,
  };
}

function sourceIn(value: SpannedValue): RequirementSource | undefined {
  const git = textAt(value, 'git');
  if (git) {
    const revision =
      textAt(value, 'rev') ?? textAt(value, 'tag') ?? textAt(value, 'branch') ?? textAt(value, 'ref');
    return {
      kind: 'vcs',
      vcs: 'git',
      url: git.value,
      span: git.inner,
      revision: revision ? known(revision.value) : absent,
      pinsCommit: /^[0-9a-f]{40}$/i.test(revision?.value ?? ''),
    };
  }
  const url = textAt(value, 'url');
  if (url) return { kind: 'archive', url: url.value, span: url.inner, wheel: wheelName(url.value) };
  const path = textAt(value, 'path') ?? textAt(value, 'file');
  return path && { kind: 'path', path: path.value, span: path.inner, wheel: wheelName(path.value) };
}

/** Poetry's and Pipfile's constraints as a PEP 440 specifier; unknown for alternatives (`||`), which have none. */
function constraintIn(written: SpannedText): { specifier: Specifier | undefined; version: Answer<string> } {
  const text = written.value.trim();
  if (text === '' || text === '*') return { specifier: undefined, version: absent };
  if (text.includes('|') || text.length > 300) return { specifier: undefined, version: unknown };
  const clauses = text.split(/\s*,\s*|(?<=[\w*])\s+(?=[<>=!~^])/).flatMap((part) => pep440(part));
  const read = readSpecifier(clauses.join(','), 0, 0);
  if (!read.specifier || clauses.includes('')) return { specifier: undefined, version: unknown };
  const specifier = at(read.specifier, written.inner);
  return { specifier, version: pinnedVersion(specifier) };
}

/** Every part of the specifier at the one place it was derived from. */
function at(specifier: Specifier, span: Span): Specifier {
  return {
    text: specifier.text,
    span,
    clauses: specifier.clauses.map((clause) => ({ ...clause, operatorSpan: span, versionSpan: span })),
  };
}

/** `^1.2` and `~1.2` as two clauses, a bare version as `==`; the empty text for what cannot be translated. */
function pep440(part: string): string[] {
  const match = /^(\^|~(?!=)|===|==|=(?!=)|~=|!=|<=|>=|<|>)?\s*v?([^\s]+)$/.exec(part);
  const [, operator, version = ''] = match ?? [];
  if (!match) return [''];
  if (operator === '^' || operator === '~') {
    const upper = isVersion(version) ? upperBound(operator, version) : undefined;
    return upper === undefined ? [''] : [`>=${version}`, `<${upper}`];
  }
  return [`${operator === undefined || operator === '=' ? '==' : (operator as Operator)}${version}`];
}

/** The first version a caret or tilde constraint leaves out. */
function upperBound(operator: '^' | '~', version: string): string | undefined {
  const release = /^\d+(?:\.\d+)*/.exec(version)?.[0].split('.').map(Number);
  if (!release) return undefined;
  const significant = release.findIndex((number) => number > 0);
  const raised =
    operator === '~'
      ? Math.min(1, release.length - 1)
      : significant === -1
        ? release.length - 1
        : significant;
  return release
    .slice(0, raised + 1)
    .map((number, index) => (index === raised ? number + 1 : number))
    .join('.');
}
