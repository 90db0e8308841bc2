export function tagGroups(libraryFile: string): string[][];
export function releaseOf(tags: readonly string[]): string | undefined;
export function defaultReleases(libraryFiles: readonly string[]): Map<string, string>;
export function byVariant(releases: ReadonlyMap<string, string>): Record<string, Record<string, string[]>>;
