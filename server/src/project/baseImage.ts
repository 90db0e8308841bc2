import { type Answer, absent, known, unknown } from './answer';
import table from './data/baseImages.json';
import officialTags from './data/officialTags.json';
import { type ImageReference, parseImageReference } from './dockerfile/imageReference';

/**
 * What is known about a base image from its name alone, as of the date of data/baseImages.json. `unknown` for a
 * name nobody listed or a reference with an unresolved variable; `absent` where the image has no such thing.
 */
export interface BaseImage {
  /** `python`, `nvidia/cuda`: Docker Hub's host, its known mirrors and `library/` are taken off. */
  readonly name: Answer<string>;
  readonly tag: Answer<string>;
  readonly family: Answer<Family>;
  /** `bookworm`, `jammy`, `3.22`, `2023`. */
  readonly release: Answer<string>;
  /** The release's number: `12`, `22.04`. */
  readonly releaseVersion: Answer<string>;
  readonly libc: Answer<'glibc' | 'musl'>;
  /** What /bin/sh is; absent where there is no shell to run RUN's text. */
  readonly shell: Answer<'dash' | 'bash' | 'busybox'>;
  readonly packageManager: Answer<string>;
  /** /etc/apt/sources.list: a real list, a stub that only points elsewhere, or absent. */
  readonly sourcesList: Answer<'list' | 'stub'>;
  /** Name or number that starts the process when the Dockerfile says no USER. */
  readonly user: Answer<string>;
  /** `3.12`; absent when the image has no Python. */
  readonly python: Answer<string>;
  readonly cuda: Answer<CudaFlavor>;
  readonly accelerator: Answer<Accelerator>;
  /** Python packages that are there already, by normalized name. */
  readonly packages: PackagesPresent;
  /** Compressed bytes a pull transfers, for amd64. */
  readonly pullBytes: Answer<number>;
  /** Bytes its layers take unpacked; some are published rounded, see the row's source. */
  readonly diskBytes: Answer<number>;
  /** Whether a program of this name is on the PATH. */
  hasProgram(program: string): Answer<true>;
}

export type Family =
  | 'debian'
  | 'ubuntu'
  | 'alpine'
  | 'wolfi'
  | 'distroless'
  | 'scratch'
  | 'busybox'
  | 'rhel'
  | 'amazon'
  | 'suse'
  | 'azure'
  | 'arch'
  | 'windows';

export type Accelerator = 'nvidia' | 'jetson' | 'amd' | 'ascend' | 'intel';

export interface CudaFlavor {
  /** As the tag says it: `12.4` or `12.4.1`. */
  readonly version: string;
  /** What NVIDIA's images call their flavour; pytorch/pytorch uses two of the words. */
  readonly flavor: Answer<'base' | 'runtime' | 'devel'>;
  /** Known with its major version or `''` where the tag does not say it. */
  readonly cudnn: Answer<string>;
}

export interface PackagesPresent {
  readonly names: ReadonlySet<string>;
  /** True when nothing beside `names` is installed. */
  readonly complete: boolean;
}

interface SystemRow {
  readonly family: string;
  readonly libc?: string;
  readonly shell: string;
  readonly packageManager: string;
  readonly sourcesList?: string;
  readonly has: readonly string[];
  readonly lacks: readonly string[];
  readonly releases: Readonly<Record<string, ReleaseRow>>;
  readonly aliases: Readonly<Record<string, string>>;
}

interface ReleaseRow {
  readonly version: string;
  readonly sourcesList?: string;
  readonly packageManager?: string;
}

interface ImageRow {
  readonly name: string;
  readonly tag?: string;
  readonly system?: string;
  /** Take the release of a tag without one from officialTags.json; `*` = under the image's own name. */
  readonly tags?: string;
  readonly variant?: string;
  readonly releaseUnknown?: boolean;
  readonly ngc?: boolean;
  readonly l4t?: boolean;
  readonly libc?: string;
  readonly shell?: string;
  readonly packageManager?: string;
  readonly user?: string;
  readonly python?: string;
  readonly pythonOf?: Readonly<Record<string, string>>;
  readonly accelerator?: string;
  readonly has?: readonly string[];
  readonly lacks?: readonly string[];
  readonly lacksUnknown?: boolean;
  readonly packages?: readonly string[];
  readonly allPackages?: boolean;
}

const systems = table.systems as Readonly<Record<string, SystemRow>>;
const images = table.images as readonly ImageRow[];
const tagTables = officialTags.images as Readonly<
  Record<string, Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>>
>;

const nothing: BaseImage = {
  name: unknown,
  tag: unknown,
  family: unknown,
  release: unknown,
  releaseVersion: unknown,
  libc: unknown,
  shell: unknown,
  packageManager: unknown,
  sourcesList: unknown,
  user: unknown,
  python: unknown,
  cuda: unknown,
  accelerator: unknown,
  packages: { names: new Set(), complete: false },
  pullBytes: unknown,
  diskBytes: unknown,
  hasProgram: () => unknown,
};

const described = new Map<string, BaseImage>();

/** `reference` as FROM has it after its variables were resolved. */
export function describeBaseImage(reference: string): BaseImage {
  const hit = described.get(reference);
  if (hit) return hit;
  const base = describe(reference);
  if (described.size > 500) described.clear();
  described.set(reference, base);
  return base;
}

function describe(text: string): BaseImage {
  const reference = parseImageReference(text);
  if (!reference) return nothing;
  const name = familiarName(reference);
  // A digest without a tag names a build nobody can date; which variant it is cannot be told either.
  const tag = reference.tag ?? (reference.digest ? undefined : 'latest');
  const identity = { name: known(name), tag: tag === undefined ? absent : known(tag) };
  const found = tag === undefined ? undefined : firstMatch(name, tag);
  if (!found) return { ...nothing, ...identity };
  return { ...facts(found, name, tag ?? '', reference.digest !== undefined), ...identity };
}

function familiarName(reference: ImageReference): string {
  const { name, registry, repository } = reference;
  const prefix = table.hubMirrorPrefixes.find((mirror) => name.startsWith(mirror));
  if (prefix !== undefined) return withoutLibrary(name.slice(prefix.length));
  return table.hubMirrors.includes(registry) ? withoutLibrary(repository) : name;
}

function withoutLibrary(repository: string): string {
  return repository.startsWith('library/') ? repository.slice('library/'.length) : repository;
}

interface Match {
  readonly row: ImageRow;
  readonly groups: Readonly<Record<string, string | undefined>>;
}

const compiled = new Map<string, RegExp>();

function pattern(source: string): RegExp {
  let expression = compiled.get(source);
  if (!expression) {
    expression = new RegExp(source);
    compiled.set(source, expression);
  }
  return expression;
}

function firstMatch(name: string, tag: string): Match | undefined {
  for (const row of images) {
    const byName = pattern(row.name).exec(name);
    if (!byName) continue;
    const byTag = row.tag === undefined ? undefined : pattern(row.tag).exec(tag);
    if (byTag === null) continue;
    return { row, groups: { ...byName.groups, ...definedOf(byTag?.groups) } };
  }
  return undefined;
}

function definedOf(groups: Record<string, string | undefined> | undefined): Record<string, string> {
  const defined: Record<string, string> = {};
  for (const [key, value] of Object.entries(groups ?? {})) if (value !== undefined) defined[key] = value;
  return defined;
}

function facts(
  match: Match,
  name: string,
  tag: string,
  pinnedByDigest: boolean,
): Omit<BaseImage, 'name' | 'tag'> {
  const { row, groups } = match;
  const system = row.system === undefined ? undefined : systems[row.system];
  const release = system ? releaseOf(match, system, name, tag, pinnedByDigest) : undefined;
  const releaseRow = release === undefined ? undefined : system?.releases[release];
  const python = pythonOf(match, release);
  const cuda = cudaOf(groups);
  const packageManager = row.packageManager ?? releaseRow?.packageManager ?? system?.packageManager;
  return {
    family: system ? known(system.family as Family) : unknown,
    release: release === undefined ? unknown : known(release),
    releaseVersion: release === undefined ? unknown : answerOf(releaseRow?.version ?? release),
    libc: wordOf<'glibc' | 'musl'>(row.libc ?? system?.libc),
    shell: wordOf<'dash' | 'bash' | 'busybox'>(row.shell ?? system?.shell),
    packageManager: wordOf<string>(packageManager),
    sourcesList: sourcesListOf(system, releaseRow),
    user: answerOf(row.user),
    python,
    cuda,
    accelerator: row.accelerator === undefined ? absentUnless(system) : known(row.accelerator as Accelerator),
    packages: { names: new Set(row.packages), complete: row.allPackages === true },
    ...(pinnedByDigest ? { pullBytes: unknown, diskBytes: unknown } : sizesOf(name, tag)),
    hasProgram: (program) => programOf(program, row, system, cuda),
  };
}

/** A listed image of a plain system has no accelerator; one whose system nobody knows might. */
function absentUnless(system: SystemRow | undefined): Answer<Accelerator> {
  return system ? absent : unknown;
}

function answerOf(value: string | undefined): Answer<string> {
  return value === undefined || value === '' ? unknown : known(value);
}

function wordOf<T extends string>(value: string | undefined): Answer<T> {
  if (value === undefined || value === 'cmd') return unknown;
  return value === 'none' ? absent : known(value as T);
}

function releaseOf(
  { row, groups }: Match,
  system: SystemRow,
  name: string,
  tag: string,
  pinnedByDigest: boolean,
): string | undefined {
  const written = groups['release'] ?? groups['release2'];
  if (row.l4t) return (table.l4t as Record<string, { release: string }>)[groups['l4t'] ?? '']?.release;
  if (row.ngc) return ngcOf(tag)?.release;
  if (written !== undefined) {
    const release = system.aliases[written] ?? written;
    // A floating word (`stable`, `12` is not one) moves; a digest beside it may be older than this table.
    if (pinnedByDigest && release !== written && !/^\d/.test(written)) return undefined;
    return release in system.releases || Object.keys(system.releases).length === 0 ? release : undefined;
  }
  if (row.releaseUnknown || pinnedByDigest) return undefined;
  if (row.tags === undefined) return undefined;
  return officialRelease(row.tags === '*' ? name : row.tags, row.variant ?? '', tag);
}

function officialRelease(image: string, variant: string, tag: string): string | undefined {
  const releases = tagTables[image]?.[variant];
  if (!releases) return undefined;
  const version = /^(\d+(?:\.\d+)*)(?:-?rc\d*|[ab]\d+)?(?:-|$)/.exec(tag)?.[1] ?? '';
  const listed = findVersion(releases, version);
  if (listed !== undefined) return listed;
  // A patch newer than the table is built where its series was built last.
  const series = /^(\d+\.\d+)\.(\d+)$/.exec(version);
  return series && isNewer(releases, series[1] ?? '', Number(series[2]))
    ? findVersion(releases, series[1] ?? '')
    : undefined;
}

function findVersion(
  releases: Readonly<Record<string, readonly string[]>>,
  version: string,
): string | undefined {
  const [, series, patch] = /^(\d+\.\d+)\.(\d+)$/.exec(version) ?? [];
  for (const [release, versions] of Object.entries(releases)) {
    const inRun = (listed: string): boolean => {
      if (listed === version) return true;
      if (series === undefined || !listed.startsWith(`${series}.`)) return false;
      const [from, to] = listed
        .slice(series.length + 1)
        .split('-')
        .map(Number);
      return Number(patch) >= (from ?? Infinity) && Number(patch) <= (to ?? from ?? -1);
    };
    if (versions.some(inRun)) return release.slice(release.indexOf(':') + 1);
  }
  return undefined;
}

function isNewer(
  releases: Readonly<Record<string, readonly string[]>>,
  series: string,
  patch: number,
): boolean {
  const patches = Object.values(releases)
    .flat()
    .filter((listed) => listed.startsWith(`${series}.`))
    .map((listed) =>
      Number(
        listed
          .slice(series.length + 1)
          .split('-')
          .at(-1),
      ),
    );
  return patches.length > 0 && patches.every((listed) => listed < patch);
}

function ngcOf(tag: string): { release: string; python: string } | undefined {
  const month = /^\d\d\.\d\d/.exec(tag)?.[0];
  return month === undefined ? undefined : table.ngc.find((row) => month >= row.from);
}

function pythonOf({ row, groups }: Match, release: string | undefined): Answer<string> {
  if (row.python === 'none') return absent;
  if (row.pythonOf) return answerOf(row.pythonOf[release ?? '']);
  const written = groups['python'] ?? groups['python2'];
  if (written === undefined) return unknown;
  if (/^3\d\d?$/.test(written)) return known(`3.${written.slice(1)}`);
  const minor = /^\d+\.\d+/.exec(written)?.[0];
  return answerOf(minor);
}

function cudaOf(groups: Readonly<Record<string, string | undefined>>): Answer<CudaFlavor> {
  const version = groups['cuda'];
  if (version === undefined) return unknown;
  const flavor = groups['flavor'] as 'base' | 'runtime' | 'devel' | undefined;
  const cudnn = groups['cudnn'];
  return known({
    version,
    flavor: flavor === undefined ? unknown : known(flavor),
    cudnn: cudnn === undefined ? absent : known(cudnn),
  });
}

function sourcesListOf(
  system: SystemRow | undefined,
  release: ReleaseRow | undefined,
): Answer<'list' | 'stub'> {
  const state = release?.sourcesList ?? system?.sourcesList;
  if (state === undefined) return unknown;
  if (state === 'absent') return absent;
  return known(state === 'stub' ? 'stub' : 'list');
}

interface SizeRow {
  readonly name: string;
  readonly tag: string;
  readonly pullBytes?: number;
  readonly diskBytes?: number;
}

function sizesOf(name: string, tag: string): Pick<BaseImage, 'pullBytes' | 'diskBytes'> {
  const rows: readonly SizeRow[] = table.sizes;
  const row = rows.find((size) => pattern(size.name).test(name) && pattern(size.tag).test(tag));
  const answer = (bytes: number | undefined): Answer<number> =>
    bytes === undefined ? unknown : known(bytes);
  return { pullBytes: answer(row?.pullBytes), diskBytes: answer(row?.diskBytes) };
}

const compilers = new Set(['gcc', 'g++', 'make', 'nvcc']);

function programOf(
  program: string,
  row: ImageRow,
  system: SystemRow | undefined,
  cuda: Answer<CudaFlavor>,
): Answer<true> {
  if (row.lacks?.includes(program)) return absent;
  if (row.has?.includes(program)) return known(true);
  if (!system) return unknown;
  const devel =
    cuda.state === 'known' && cuda.value.flavor.state === 'known' && cuda.value.flavor.value === 'devel';
  if (devel && compilers.has(program)) return known(true);
  if (system.has.includes(program)) return known(true);
  if (row.lacksUnknown || devel) return unknown;
  if (system.lacks.includes(program)) return absent;
  return unknown;
}
