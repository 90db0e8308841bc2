import { absent, known } from '../answer';
import { markerIn } from './lockEntries';
import type { LockedPackage, LockFile } from './lockedPackage';
import { normalizedName } from './normalizedName';
import { readJson, readToml } from './readToml';
import { entriesAt, itemsAt, type SpannedEntry, textAt } from './spannedValue';
import { pinnedVersion, readSpecifier } from './specifier';
import { type TableRequirement, tableRequirements } from './tableRequirement';

/** A Pipfile: packages of the program and of its development, and the indexes they come from. */
export interface Pipfile {
  readonly packages: readonly TableRequirement[];
  readonly devPackages: readonly TableRequirement[];
  readonly indexUrls: readonly string[];
  /** `3.11`. */
  readonly python: string | undefined;
}

export function readPipfile(text: string): Pipfile {
  const root = readToml(text);
  return {
    packages: entriesAt(root, 'packages').flatMap((entry) => [...tableRequirements(entry)]),
    devPackages: entriesAt(root, 'dev-packages').flatMap((entry) => [...tableRequirements(entry)]),
    indexUrls: itemsAt(root, 'source').flatMap((source) => textAt(source, 'url')?.value ?? []),
    python: (textAt(root, 'requires', 'python_full_version') ?? textAt(root, 'requires', 'python_version'))
      ?.value,
  };
}

/** Reads Pipfile.lock (JSON). */
export function readPipfileLock(text: string): LockFile {
  const root = readJson(text);
  const sources = new Map<string, string>();
  for (const source of itemsAt(root, '_meta', 'sources')) {
    sources.set(textAt(source, 'name')?.value ?? '', textAt(source, 'url')?.value ?? '');
  }
  const packages = (section: string, group: string) =>
    entriesAt(root, section).map((entry) => lockedPackage(entry, group, sources));
  return {
    kind: 'pipfile',
    requiresPython: undefined,
    packages: [...packages('default', 'main'), ...packages('develop', 'dev')],
  };
}

function lockedPackage(
  entry: SpannedEntry,
  group: string,
  sources: ReadonlyMap<string, string>,
): LockedPackage {
  const version = textAt(entry.value, 'version');
  const pinned = version
    ? pinnedVersion(readSpecifier(version.value, 0, version.inner.start).specifier)
    : absent;
  const marker = markerIn(textAt(entry.value, 'markers'));
  const index = textAt(entry.value, 'index')?.value;
  const git = textAt(entry.value, 'git')?.value;
  return {
    name: normalizedName(entry.key),
    nameSpan: entry.keySpan,
    version: pinned.state === 'known' ? known(pinned.value) : pinned,
    versionSpan: version?.inner,
    source: git
      ? { kind: 'git', url: git }
      : {
          kind: 'registry',
          url: (index && sources.get(index)) ?? [...sources.values()][0] ?? 'https://pypi.org/simple',
        },
    forks: marker ? [marker] : [],
    dependencies: [],
    extras: new Map(),
    groups: new Map(),
    neededBy: [group],
    optional: false,
    // Pipfile.lock gives hashes without file names.
    files: [],
  };
}
