import table from './data/removedPackages.json';

export interface RemovedPackage {
  /** What is offered in its place; undefined where that release has nothing by one name. */
  readonly instead: string | undefined;
}

/**
 * A Debian package that a release no longer has (or has not yet), though another has it. Undefined for packages and
 * releases nobody listed. As of the table's date.
 */
export function removedPackage(name: string, debian: string): RemovedPackage | undefined {
  if (!table.known.includes(debian)) return undefined;
  const packages = table.packages as Readonly<
    Record<
      string,
      {
        readonly releases: readonly string[];
        readonly instead?: string;
        readonly insteadReleases?: readonly string[];
      }
    >
  >;
  const row = Object.hasOwn(packages, name) ? packages[name] : undefined;
  if (!row || row.releases.includes(debian)) return undefined;
  return { instead: row.insteadReleases?.includes(debian) ? row.instead : undefined };
}
