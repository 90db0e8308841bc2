import { type Answer, absent, known } from '../answer';
import type { Span } from '../span';
import { filesIn, markerIn } from './lockEntries';
import type { LockedDependency, LockedFile, LockedPackage, LockedSource, LockFile } from './lockedPackage';
import { type LockTable, lockTables } from './lockTables';
import type { Marker } from './marker';
import { normalizedName } from './normalizedName';
import { readRequirement } from './requirement';
import { itemsAt, type SpannedText, type SpannedValue, textAt, textsAt, valueAt } from './spannedValue';

/** Reads poetry.lock of every lock version from 1.0 on. */
export function readPoetryLock(text: string): LockFile {
  const found: PackageTables[] = [];
  let requiresPython: string | undefined;
  let filesTable: LockTable | undefined;
  for (const table of lockTables(text)) {
    const last = found.at(-1);
    if (table.header === 'package') {
      found.push({ own: table, dependencies: undefined, listed: [], extras: undefined, source: undefined });
    } else if (table.header === 'metadata') requiresPython = textAt(table.value('python-versions'))?.value;
    else if (table.header === 'metadata.files') filesTable = table;
    else if (last && table.header === 'package.dependencies') last.dependencies = table;
    else if (last?.dependencies && table.header.startsWith('package.dependencies.')) last.listed.push(table);
    else if (last && table.header === 'package.extras') last.extras = table;
    else if (last && table.header === 'package.source') last.source = table;
  }
  const packages = found.flatMap((tables) => {
    const name = textAt(tables.own.value('name'));
    return name ? [new PoetryPackage(tables, name, filesTable)] : [];
  });
  return { kind: 'poetry', requiresPython, packages };
}

interface PackageTables {
  readonly own: LockTable;
  dependencies: LockTable | undefined;
  /** `[package.dependencies.name]`, as older versions write. */
  readonly listed: LockTable[];
  extras: LockTable | undefined;
  source: LockTable | undefined;
}

class PoetryPackage implements LockedPackage {
  readonly name: string;
  readonly nameSpan: Span;
  readonly version: Answer<string>;
  readonly versionSpan: Span | undefined;
  readonly source: LockedSource;
  readonly optional: boolean;
  readonly neededBy: readonly string[] | undefined;
  readonly groups: ReadonlyMap<string, readonly LockedDependency[]> = new Map();
  private readFiles: readonly LockedFile[] | undefined;

  constructor(
    private readonly tables: PackageTables,
    private readonly written: SpannedText,
    private readonly filesTable: LockTable | undefined,
  ) {
    const { own } = tables;
    const version = textAt(own.value('version'));
    const optional = own.value('optional');
    const category = textAt(own.value('category'));
    const groups = own.value('groups');
    this.name = normalizedName(written.value);
    this.nameSpan = written.inner;
    this.version = version ? known(version.value) : absent;
    this.versionSpan = version?.inner;
    this.source = sourceIn(tables.source);
    this.optional = optional?.kind === 'scalar' && optional.value === 'true';
    this.neededBy = groups ? textsAt(groups).map((group) => group.value) : category && [category.value];
  }

  /** Poetry 2 says where a package is needed at all; for several groups, where any of them needs it. */
  get forks(): readonly Marker[] {
    const markers = this.tables.own.value('markers');
    if (markers?.kind !== 'table') return asList(markerIn(textAt(markers)));
    const read = [...markers.entries.values()].map(({ value }) => markerIn(textAt(value)));
    const missing = (this.neededBy ?? []).some((group) => !markers.entries.has(group));
    return missing ? [] : read.flatMap((marker) => marker ?? []);
  }

  get dependencies(): readonly LockedDependency[] {
    const { dependencies, listed } = this.tables;
    const inline = [...(dependencies?.keys ?? [])].flatMap((key) => [
      ...dependencyIn(key, dependencies?.keySpan(key), dependencies?.value(key)),
    ]);
    const own = listed.map((table): LockedDependency => {
      const written = table.header.slice('package.dependencies.'.length).replace(/"/g, '');
      const optional = table.value('optional');
      return {
        name: normalizedName(written),
        nameSpan: table.span,
        version: undefined,
        extras: textsAt(table.value('extras')).map((extra) => normalizedName(extra.value)),
        marker: markerIn(textAt(table.value('markers'))),
        optional: optional?.kind === 'scalar' && optional.value === 'true',
      };
    });
    return [...inline, ...own];
  }

  get extras(): ReadonlyMap<string, readonly LockedDependency[]> {
    const lists = new Map<string, readonly LockedDependency[]>();
    const { extras } = this.tables;
    for (const key of extras?.keys ?? []) {
      lists.set(
        normalizedName(key),
        textsAt(extras?.value(key)).flatMap((text) => {
          const read = readRequirement(text.value, text.inner.start, { direct: false });
          if ('bad' in read || read.name === undefined) return [];
          return {
            name: read.name,
            nameSpan: read.nameSpan ?? text.inner,
            version: undefined,
            extras: read.extras.map((extra) => extra.name),
            marker: read.marker,
            optional: false,
          };
        }),
      );
    }
    return lists;
  }

  get files(): readonly LockedFile[] {
    this.readFiles ??= filesIn(this.tables.own.value('files') ?? this.filesTable?.value(this.written.value));
    return this.readFiles;
  }
}

/** `name = ">=1"`, `name = {version = ">=1", markers = "..."}`, or a list of such tables. */
function* dependencyIn(
  written: string,
  nameSpan: Span | undefined,
  value: SpannedValue | undefined,
): Generator<LockedDependency> {
  if (!value || !nameSpan) return;
  if (value.kind === 'list') {
    for (const item of itemsAt(value)) yield* dependencyIn(written, nameSpan, item);
    return;
  }
  const optional = valueAt(value, 'optional');
  yield {
    name: normalizedName(written),
    nameSpan,
    version: undefined,
    extras: textsAt(value, 'extras').map((extra) => normalizedName(extra.value)),
    marker: markerIn(textAt(value, 'markers')),
    optional: optional?.kind === 'scalar' && optional.value === 'true',
  };
}

function sourceIn(table: LockTable | undefined): LockedSource {
  const url = textAt(table?.value('url'))?.value;
  if (url === undefined) return { kind: 'registry', url: 'https://pypi.org/simple' };
  switch (textAt(table?.value('type'))?.value) {
    case 'legacy':
      return { kind: 'registry', url };
    case 'git':
      return { kind: 'git', url };
    case 'url':
      return { kind: 'url', url };
    case 'directory':
    case 'file':
      return { kind: 'path', url };
    default:
      return { kind: 'unknown' };
  }
}

function asList<T>(value: T | undefined): T[] {
  return value === undefined ? [] : [value];
}
