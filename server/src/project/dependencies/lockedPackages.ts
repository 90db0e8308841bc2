import { type Answer, absent, known, unknown } from '../answer';
import type { LockedDependency, LockedPackage, LockFile } from './lockedPackage';
import { type MarkerEnvironment, markerHolds } from './marker';
import type { InstalledPackage, PackageTarget } from './packageSet';
import type { Pyproject } from './pyproject';

/**
 * The packages a lock file installs there. uv.lock is followed from the project's own package; poetry.lock from
 * pyproject.toml where there is one, for most versions of it do not say which group needs a package.
 */
export function lockedPackages(
  path: string,
  lock: LockFile,
  pyproject: Pyproject | undefined,
  target: PackageTarget,
): InstalledPackage[] {
  const walk = new LockWalk(path, lock, target);
  const roots = lock.kind === 'uv' ? ownPackages(lock, pyproject) : [];
  if (roots.length > 0) for (const root of roots) walk.project(root);
  else if (lock.kind === 'poetry' && pyproject?.poetry) walk.declared(pyproject);
  else walk.everything();
  return walk.packages();
}

/** The project's own package: by name, else at the lock's folder, else every member of the workspace. */
function ownPackages(lock: LockFile, pyproject: Pyproject | undefined): readonly LockedPackage[] {
  const own = lock.packages.filter((one) => one.source.kind === 'project');
  const byName = own.filter((one) => one.name === pyproject?.name);
  if (byName.length > 0) return byName;
  const here = own.filter((one) => one.source.kind === 'project' && one.source.url === '.');
  return here.length > 0 ? here : own;
}

interface Visit {
  readonly package: LockedPackage;
  readonly extras: Set<string>;
  isDirect: boolean;
  isPossible: boolean;
}

class LockWalk {
  private readonly byName = new Map<string, LockedPackage[]>();
  private readonly visits = new Map<LockedPackage, Visit>();
  private readonly queue: Visit[] = [];
  /** uv writes extras and groups that exclude each other into markers, as `extra-3-app-cpu`. */
  private readonly encoded: string[] = [];

  constructor(
    private readonly path: string,
    lock: LockFile,
    private readonly target: PackageTarget,
  ) {
    for (const one of lock.packages) {
      const same = this.byName.get(one.name);
      if (same) same.push(one);
      else this.byName.set(one.name, [one]);
    }
  }

  project(root: LockedPackage): void {
    const { extras, groups } = this.target;
    const size = root.name.length;
    this.encoded.push(
      ...extras.map((extra) => `extra-${size}-${root.name}-${extra}`),
      ...groups.map((group) => `group-${size}-${root.name}-${group}`),
    );
    const lists = [
      root.dependencies,
      ...extras.map((extra) => root.extras.get(extra) ?? []),
      ...groups.map((group) => root.groups.get(group) ?? []),
    ];
    for (const dependency of lists.flat())
      this.follow(dependency, { extras: [], isDirect: true, isPossible: false });
    this.drain();
  }

  declared(pyproject: Pyproject): void {
    const { poetry } = pyproject;
    const { extras, groups } = this.target;
    const optional = new Set(extras.flatMap((extra) => poetry?.extras.get(extra) ?? []));
    const tables = [
      ...(poetry?.dependencies ?? []),
      ...groups.flatMap((group) => poetry?.groups.get(group)?.dependencies ?? []),
    ].filter((table) => !table.optional || optional.has(table.requirement.name ?? ''));
    const requirements = [
      ...pyproject.dependencies,
      ...extras.flatMap((extra) => pyproject.optionalDependencies.get(extra) ?? []),
      ...tables.map((table) => table.requirement),
    ];
    for (const requirement of requirements) {
      if (requirement.name === undefined || !requirement.nameSpan) continue;
      const dependency: LockedDependency = {
        name: requirement.name,
        nameSpan: requirement.nameSpan,
        version: undefined,
        extras: requirement.extras.map((extra) => extra.name),
        marker: requirement.marker,
        optional: false,
      };
      this.follow(dependency, { extras, isDirect: true, isPossible: false });
    }
    this.drain();
  }

  /** A flat lock: all packages of the groups asked for, whose own markers hold. */
  everything(): void {
    const { extras, groups } = this.target;
    const wanted = new Set(['main', 'default', ...groups]);
    for (const one of [...this.byName.values()].flat()) {
      if (one.source.kind === 'project') continue;
      if (one.neededBy && !one.neededBy.some((group) => wanted.has(group))) continue;
      if (one.optional && extras.length === 0) continue;
      const holds = this.forkHolds(one, { ...this.target.environment, extras, groups });
      if (holds.state === 'known' && !holds.value) continue;
      const isPossible = holds.state !== 'known' || one.optional;
      this.visits.set(one, { package: one, extras: new Set(), isDirect: false, isPossible });
    }
  }

  packages(): InstalledPackage[] {
    return [...this.visits.values()]
      .filter((visit) => visit.package.source.kind !== 'project')
      .map(({ package: one, extras, isDirect, isPossible }) => ({
        name: one.name,
        version: one.version,
        specifier: undefined,
        extras: [...extras],
        file: this.path,
        span: one.nameSpan,
        versionSpan: one.versionSpan,
        index: one.source.kind === 'registry' ? known(one.source.url) : absent,
        origin: originOf(one),
        isDirect,
        isPossible,
        // Read when asked for: most of the lock's bytes are here.
        get files() {
          return one.files;
        },
      }));
  }

  private drain(): void {
    for (let visit = this.queue.pop(); visit; visit = this.queue.pop()) {
      const { package: one, extras, isPossible } = visit;
      const lists = [
        one.dependencies.filter((dependency) => !dependency.optional || dependency.marker !== undefined),
        ...[...extras].map((extra) => one.extras.get(extra) ?? []),
      ];
      for (const dependency of lists.flat()) {
        this.follow(dependency, { extras: [...extras], isDirect: false, isPossible });
      }
    }
  }

  private follow(
    dependency: LockedDependency,
    from: { readonly extras: readonly string[]; readonly isDirect: boolean; readonly isPossible: boolean },
  ): void {
    const environment: MarkerEnvironment = {
      ...this.target.environment,
      extras: [...this.encoded, ...from.extras],
    };
    const holds = markerHolds(dependency.marker, environment);
    if (holds.state === 'known' && !holds.value) return;
    const candidates = (this.byName.get(dependency.name) ?? []).flatMap((one) => {
      if (dependency.version !== undefined) {
        return one.version.state === 'known' && one.version.value === dependency.version
          ? [{ one, isSure: true }]
          : [];
      }
      const fits = this.forkHolds(one, environment);
      return fits.state === 'known' ? (fits.value ? [{ one, isSure: true }] : []) : [{ one, isSure: false }];
    });
    for (const { one, isSure } of candidates) {
      this.enter(one, dependency.extras, {
        isDirect: from.isDirect,
        isPossible: from.isPossible || holds.state !== 'known' || !isSure,
      });
    }
  }

  private enter(
    one: LockedPackage,
    extras: readonly string[],
    { isDirect, isPossible }: { readonly isDirect: boolean; readonly isPossible: boolean },
  ): void {
    const visit = this.visits.get(one);
    if (!visit) {
      const first: Visit = { package: one, extras: new Set(extras), isDirect, isPossible };
      this.visits.set(one, first);
      this.queue.push(first);
      return;
    }
    const more = extras.filter((extra) => !visit.extras.has(extra));
    const surer = visit.isPossible && !isPossible;
    visit.isDirect ||= isDirect;
    visit.isPossible &&= isPossible;
    for (const extra of more) visit.extras.add(extra);
    if (more.length > 0 || surer) this.queue.push(visit);
  }

  private forkHolds(one: LockedPackage, environment: MarkerEnvironment): Answer<boolean> {
    const { forks } = one;
    if (forks.length === 0) return known(true);
    const answers = forks.map((marker) => markerHolds(marker, environment));
    if (answers.some((answer) => answer.state === 'known' && answer.value)) return known(true);
    return answers.every((answer) => answer.state === 'known') ? known(false) : unknown;
  }
}

function originOf(one: LockedPackage): InstalledPackage['origin'] {
  switch (one.source.kind) {
    case 'registry':
      return 'index';
    case 'git':
      return 'vcs';
    case 'url':
      return 'archive';
    case 'path':
    case 'project':
      return 'path';
    case 'unknown':
      return 'unknown';
  }
}
