import type { Span } from '../span';
import { normalizedName } from './normalizedName';
import {
  entriesAt,
  itemsAt,
  type SpannedText,
  type SpannedValue,
  textAt,
  textsAt,
  valueAt,
} from './spannedValue';
import { type TableRequirement, tableRequirements } from './tableRequirement';

/** `[tool.poetry]`: dependencies with Poetry's own constraints, groups, extras and package sources. */
export interface PoetryProject {
  /** The `python` key of the dependencies. */
  readonly python: SpannedText | undefined;
  readonly dependencies: readonly TableRequirement[];
  readonly groups: ReadonlyMap<string, PoetryGroup>;
  /** Names of optional dependencies by extra. */
  readonly extras: ReadonlyMap<string, readonly string[]>;
  readonly sources: readonly PoetrySource[];
}

export interface PoetryGroup {
  readonly optional: boolean;
  readonly dependencies: readonly TableRequirement[];
}

export interface PoetrySource {
  readonly name: string;
  readonly url: string | undefined;
  readonly span: Span;
  /** `primary` when not given. */
  readonly priority: string;
}

export function readPoetryProject(poetry: SpannedValue | undefined): PoetryProject | undefined {
  if (poetry?.kind !== 'table') return undefined;
  const groups = new Map<string, PoetryGroup>();
  const legacy = dependenciesIn(valueAt(poetry, 'dev-dependencies'));
  if (legacy.length > 0) groups.set('dev', { optional: false, dependencies: legacy });
  for (const { key, value } of entriesAt(poetry, 'group')) {
    const optional = valueAt(value, 'optional');
    groups.set(normalizedName(key), {
      optional: optional?.kind === 'scalar' && optional.value === 'true',
      dependencies: dependenciesIn(valueAt(value, 'dependencies')),
    });
  }
  return {
    python: textAt(poetry, 'dependencies', 'python'),
    dependencies: dependenciesIn(valueAt(poetry, 'dependencies')),
    groups,
    extras: new Map(
      entriesAt(poetry, 'extras').map(({ key, value }) => [
        normalizedName(key),
        textsAt(value).map((text) => normalizedName(text.value)),
      ]),
    ),
    sources: itemsAt(poetry, 'source').flatMap((item) => {
      const name = textAt(item, 'name');
      if (!name) return [];
      const priority = textAt(item, 'priority')?.value ?? 'primary';
      return { name: name.value, url: textAt(item, 'url')?.value, span: item.span, priority };
    }),
  };
}

function dependenciesIn(table: SpannedValue | undefined): TableRequirement[] {
  return entriesAt(table)
    .filter((entry) => entry.key !== 'python')
    .flatMap((entry) => [...tableRequirements(entry)]);
}
