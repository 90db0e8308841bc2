import { type Answer, absent, known } from '../answer';
import type { Span } from '../span';
import { dependenciesIn, filesIn, markerIn } from './lockEntries';
import type { LockedDependency, LockedFile, LockedPackage, LockedSource, LockFile } from './lockedPackage';
import { type LockTable, lockTables } from './lockTables';
import type { Marker } from './marker';
import { normalizedName } from './normalizedName';
import { type SpannedText, type SpannedValue, textAt, textsAt } from './spannedValue';

/** Reads uv.lock. A package is cut out at once; its dependencies and files are read when asked for. */
export function readUvLock(text: string): LockFile {
  const packages: UvPackage[] = [];
  let requiresPython: string | undefined;
  let tables: PackageTables | undefined;
  const close = (): void => {
    const name = tables && textAt(tables.own.value('name'));
    if (tables && name) packages.push(new UvPackage(tables, name));
  };
  for (const table of lockTables(text)) {
    if (table.header === '') requiresPython = textAt(table.value('requires-python'))?.value;
    // `distribution` is what uv called it before 0.2.28.
    else if (table.header === 'package' || table.header === 'distribution') {
      close();
      tables = { own: table, extras: undefined, groups: undefined };
    } else if (tables && table.header === 'package.optional-dependencies') tables.extras = table;
    else if (tables && table.header === 'package.dev-dependencies') tables.groups = table;
  }
  close();
  return { kind: 'uv', requiresPython, packages };
}

interface PackageTables {
  readonly own: LockTable;
  extras: LockTable | undefined;
  groups: LockTable | undefined;
}

class UvPackage implements LockedPackage {
  readonly name: string;
  readonly nameSpan: Span;
  readonly version: Answer<string>;
  readonly versionSpan: Span | undefined;
  readonly source: LockedSource;
  readonly neededBy = undefined;
  readonly optional = false;
  private readFiles: readonly LockedFile[] | undefined;
  private readDependencies: readonly LockedDependency[] | undefined;

  constructor(
    private readonly tables: PackageTables,
    name: SpannedText,
  ) {
    const version = textAt(tables.own.value('version'));
    this.name = normalizedName(name.value);
    this.nameSpan = name.inner;
    this.version = version ? known(version.value) : absent;
    this.versionSpan = version?.inner;
    this.source = sourceIn(tables.own.value('source'));
  }

  get forks(): readonly Marker[] {
    return textsAt(this.tables.own.value('resolution-markers')).flatMap((text) => markerIn(text) ?? []);
  }

  get dependencies(): readonly LockedDependency[] {
    this.readDependencies ??= [...dependenciesIn(this.tables.own.value('dependencies'))];
    return this.readDependencies;
  }

  get extras(): ReadonlyMap<string, readonly LockedDependency[]> {
    return listsIn(this.tables.extras);
  }

  get groups(): ReadonlyMap<string, readonly LockedDependency[]> {
    return listsIn(this.tables.groups);
  }

  get files(): readonly LockedFile[] {
    const { own } = this.tables;
    this.readFiles ??= filesIn(own.value('wheels'), own.value('sdist'));
    return this.readFiles;
  }
}

function listsIn(table: LockTable | undefined): ReadonlyMap<string, readonly LockedDependency[]> {
  const lists = new Map<string, readonly LockedDependency[]>();
  for (const key of table?.keys ?? []) lists.set(normalizedName(key), [...dependenciesIn(table?.value(key))]);
  return lists;
}

function sourceIn(value: SpannedValue | undefined): LockedSource {
  for (const [key, kind] of sourceKinds) {
    const url = textAt(value, key)?.value;
    if (url !== undefined) return { kind, url };
  }
  return { kind: 'unknown' };
}

const sourceKinds = [
  ['registry', 'registry'],
  ['git', 'git'],
  ['url', 'url'],
  ['path', 'path'],
  ['directory', 'path'],
  ['editable', 'project'],
  ['virtual', 'project'],
] as const;
