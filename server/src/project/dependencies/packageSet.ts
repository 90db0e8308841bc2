import { type Answer, absent, known, unknown } from '../answer';
import type { Span } from '../span';
import type { CondaEnvironment } from './environmentYml';
import type { LockedFile, LockFile } from './lockedPackage';
import { lockedPackages } from './lockedPackages';
import { type MarkerEnvironment, markerHolds } from './marker';
import type { Pipfile } from './pipfile';
import type { Pyproject, UvSource } from './pyproject';
import type { Requirement } from './requirement';
import type { RequirementsClosure } from './requirementsClosure';
import type { Specifier } from './specifier';

/** What one dependency source installs into one environment. */
export interface PackageSet {
  readonly packages: readonly InstalledPackage[];
  /** Nothing else is installed beside these: the source is a lock, or pip checks hashes of all. */
  readonly isClosed: boolean;
  /** Indexes asked for all packages; empty means the installer's default. */
  readonly indexUrls: readonly string[];
}

export interface InstalledPackage {
  /** Normalised. */
  readonly name: string;
  /** Absent where the source leaves it to the installer. */
  readonly version: Answer<string>;
  readonly specifier: Specifier | undefined;
  readonly extras: readonly string[];
  readonly file: string;
  /** The name, where one is written, else the whole requirement. */
  readonly span: Span;
  readonly versionSpan: Span | undefined;
  /** URL of the index it comes from; absent for the installer's default, unknown where several may serve it. */
  readonly index: Answer<string>;
  readonly origin: 'index' | 'archive' | 'vcs' | 'path' | 'conda' | 'unknown';
  /** Asked for by the project itself rather than by another package. */
  readonly isDirect: boolean;
  /** Its marker depends on something that is not known: it may be left out. */
  readonly isPossible: boolean;
  /** Files of a lock, of which the installer takes one. */
  readonly files: readonly LockedFile[];
}

export type PackageSource =
  | { readonly kind: 'requirements'; readonly closure: RequirementsClosure }
  | { readonly kind: 'pyproject'; readonly path: string; readonly pyproject: Pyproject }
  | {
      readonly kind: 'lock';
      readonly path: string;
      readonly lock: LockFile;
      readonly pyproject: Pyproject | undefined;
    }
  | { readonly kind: 'pipfile'; readonly path: string; readonly pipfile: Pipfile }
  | { readonly kind: 'conda'; readonly path: string; readonly environment: CondaEnvironment };

export interface PackageTarget {
  /** Its extras are not used: those asked for are below. */
  readonly environment: MarkerEnvironment;
  /** Extras of the project. */
  readonly extras: readonly string[];
  /** Dependency groups beside the project's own dependencies. */
  readonly groups: readonly string[];
}

export function packageSet(source: PackageSource, target: PackageTarget): PackageSet {
  switch (source.kind) {
    case 'requirements':
      return fromRequirements(source.closure, target);
    case 'pyproject':
      return fromPyproject(source.path, source.pyproject, target);
    case 'lock':
      return {
        packages: lockedPackages(source.path, source.lock, source.pyproject, target),
        isClosed: true,
        indexUrls: [],
      };
    case 'pipfile':
      return fromPipfile(source.path, source.pipfile, target);
    case 'conda':
      return fromConda(source.path, source.environment, target);
  }
}

function fromRequirements(closure: RequirementsClosure, target: PackageTarget): PackageSet {
  let primary: string | undefined;
  let noIndex = false;
  let isClosed = false;
  const others: string[] = [];
  const limits = new Map<string, Answer<string>>();
  const wanted: { file: string; requirement: Requirement }[] = [];
  for (const { path, file, constraint } of closure.files) {
    for (const entry of file.entries) {
      if (entry.kind === 'option') {
        if (entry.name === 'index-url') primary = entry.value;
        else if (entry.name === 'extra-index-url') others.push(entry.value);
        else if (entry.name === 'no-index') noIndex = true;
        else if (entry.name === 'require-hashes') isClosed = true;
      } else if (entry.kind === 'requirement') {
        const { requirement } = entry;
        if (requirement.hashes.length > 0) isClosed = true;
        if (!constraint) wanted.push({ file: path, requirement });
        else if (requirement.name !== undefined && requirement.version.state !== 'absent') {
          limits.set(requirement.name, requirement.version);
        }
      }
    }
  }
  const indexUrls = noIndex ? [] : [...(primary === undefined ? [] : [primary]), ...others];
  const index = noIndex || others.length > 0 ? unknown : primary === undefined ? absent : known(primary);
  const packages = wanted.flatMap(({ file, requirement }) => {
    const limit = requirement.name === undefined ? undefined : limits.get(requirement.name);
    const version = requirement.version.state === 'absent' && limit ? limit : requirement.version;
    return installed(requirement, version, index, file, target);
  });
  return { packages, isClosed: isClosed && closure.wants.length === 0, indexUrls };
}

function fromPyproject(path: string, pyproject: Pyproject, target: PackageTarget): PackageSet {
  const { uv, poetry } = pyproject;
  const defaultIndex = uv.indexes.find((index) => index.isDefault)?.url;
  const shared = uv.indexes.filter((index) => !index.explicit && !index.isDefault).map((index) => index.url);
  const general =
    shared.length > 0
      ? unknown
      : defaultIndex === undefined
        ? (absent as Answer<string>)
        : known(defaultIndex);
  const packages: InstalledPackage[] = [];
  const add = (requirement: Requirement): void => {
    const sources = uv.sources.get(requirement.name ?? '') ?? [];
    packages.push(
      ...installed(
        requirement,
        requirement.version,
        indexBySource(sources, pyproject, target) ?? general,
        path,
        target,
      ),
    );
  };
  for (const requirement of pyproject.dependencies) add(requirement);
  for (const extra of target.extras)
    for (const one of pyproject.optionalDependencies.get(extra) ?? []) add(one);
  for (const requirement of groupRequirements(pyproject, target.groups)) add(requirement);
  if (poetry) {
    const wantedOptional = new Set(target.extras.flatMap((extra) => poetry.extras.get(extra) ?? []));
    const tables = [
      ...poetry.dependencies,
      ...target.groups.flatMap((group) => poetry.groups.get(group)?.dependencies ?? []),
    ];
    for (const { requirement, optional, indexName } of tables) {
      if (optional && !wantedOptional.has(requirement.name ?? '')) continue;
      const named = poetry.sources.find((source) => source.name === indexName)?.url;
      const others = poetry.sources.some((source) => source.priority !== 'explicit');
      const index = named === undefined ? (others ? unknown : (absent as Answer<string>)) : known(named);
      packages.push(...installed(requirement, requirement.version, index, path, target));
    }
  }
  const indexUrls = [...(defaultIndex === undefined ? [] : [defaultIndex]), ...shared];
  return { packages, isClosed: false, indexUrls };
}

/** The requirements of groups and of the groups they include; a circle of includes ends. */
function groupRequirements(pyproject: Pyproject, groups: readonly string[]): Requirement[] {
  const seen = new Set<string>();
  const found: Requirement[] = [];
  const open = [...groups];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const group = pyproject.groups.get(name);
    if (!group || seen.has(name)) continue;
    seen.add(name);
    found.push(...group.requirements);
    open.push(...group.includes.map((include) => include.name));
  }
  return found;
}

/** The index that `[tool.uv.sources]` gives a package there; undefined when no entry applies. */
function indexBySource(
  sources: readonly UvSource[],
  pyproject: Pyproject,
  target: PackageTarget,
): Answer<string> | undefined {
  for (const source of sources) {
    const holds = markerHolds(source.marker, target.environment);
    if (holds.state === 'known' && !holds.value) continue;
    if (source.extra !== undefined && !target.extras.includes(source.extra)) continue;
    if (source.group !== undefined && !target.groups.includes(source.group)) continue;
    if (holds.state !== 'known') return unknown;
    const url = pyproject.uv.indexes.find((index) => index.name === source.index)?.url;
    return url === undefined ? unknown : known(url);
  }
  return undefined;
}

function fromPipfile(path: string, pipfile: Pipfile, target: PackageTarget): PackageSet {
  const tables = [...pipfile.packages, ...(target.groups.includes('dev') ? pipfile.devPackages : [])];
  const [first, ...others] = pipfile.indexUrls;
  const index = others.length > 0 ? unknown : first === undefined ? absent : known(first);
  return {
    packages: tables.flatMap(({ requirement }) =>
      installed(requirement, requirement.version, index, path, target),
    ),
    isClosed: false,
    indexUrls: pipfile.indexUrls,
  };
}

function fromConda(path: string, environment: CondaEnvironment, target: PackageTarget): PackageSet {
  const conda = environment.packages.map(
    (one): InstalledPackage => ({
      name: one.name,
      version: one.version,
      specifier: undefined,
      extras: [],
      file: path,
      span: one.nameSpan,
      versionSpan: undefined,
      index: one.channel === undefined ? unknown : known(one.channel),
      origin: 'conda',
      isDirect: true,
      isPossible: false,
      files: [],
    }),
  );
  const closure = {
    files: [{ path, file: { entries: environment.pip }, constraint: false }],
    wants: [],
    cycles: [],
  };
  const pip = fromRequirements(closure, target);
  return { packages: [...conda, ...pip.packages], isClosed: false, indexUrls: pip.indexUrls };
}

function installed(
  requirement: Requirement,
  version: Answer<string>,
  index: Answer<string>,
  file: string,
  target: PackageTarget,
): InstalledPackage[] {
  const holds = markerHolds(requirement.marker, { ...target.environment, extras: target.extras });
  if (requirement.name === undefined || (holds.state === 'known' && !holds.value)) return [];
  const pin = requirement.specifier?.clauses.find(
    (clause) => clause.operator === '==' || clause.operator === '===',
  );
  return [
    {
      name: requirement.name,
      version,
      specifier: requirement.specifier,
      extras: requirement.extras.map((extra) => extra.name),
      file,
      span: requirement.nameSpan ?? requirement.span,
      versionSpan: pin?.versionSpan,
      index: requirement.source ? absent : index,
      origin: requirement.source?.kind ?? 'index',
      isDirect: true,
      isPossible: holds.state !== 'known',
      files: [],
    },
  ];
}
