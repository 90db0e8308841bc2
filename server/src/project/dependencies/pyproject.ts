import type { Message } from '../../protocol/message';
import type { Span } from '../span';
import { markerIn } from './lockEntries';
import type { Marker } from './marker';
import { normalizedName } from './normalizedName';
import { type PoetryProject, readPoetryProject } from './poetryProject';
import { type BadRequirement, type Requirement, readRequirement } from './requirement';
import { readToml } from './readToml';
import {
  entriesAt,
  itemsAt,
  type SpannedText,
  type SpannedValue,
  textAt,
  textsAt,
  valueAt,
} from './spannedValue';
import { tomlProblem } from './tomlProblem';

/** What pyproject.toml says about what is installed, by PEP 621, PEP 735 and the tools. */
export interface Pyproject {
  /** Normalised name of the distribution. */
  readonly name: string | undefined;
  readonly nameSpan: Span | undefined;
  readonly requiresPython: SpannedText | undefined;
  readonly dependencies: readonly Requirement[];
  /** Extras by their normalised names. */
  readonly optionalDependencies: ReadonlyMap<string, readonly Requirement[]>;
  /** Dependency groups (PEP 735); `dev` also holds what uv and PDM once called dev-dependencies. */
  readonly groups: ReadonlyMap<string, DependencyGroup>;
  readonly buildRequires: readonly Requirement[];
  /** Requirements files that setuptools or hatch takes the dependencies from, relative to the file. */
  readonly dependencyFiles: readonly SpannedText[];
  readonly uv: UvSettings;
  readonly poetry: PoetryProject | undefined;
  /** `[[tool.pdm.source]]`. */
  readonly pdmIndexes: readonly PackageIndex[];
  /** Strings in a place of requirements that no installer reads as one. */
  readonly bad: readonly BadRequirement[];
  /** Why the text is no TOML, and where; what stands above and below is still read. */
  readonly problem: { readonly what: Message; readonly span: Span } | undefined;
}

export interface DependencyGroup {
  readonly requirements: readonly Requirement[];
  /** Names of groups this one takes in. */
  readonly includes: readonly { readonly name: string; readonly span: Span }[];
}

export interface PackageIndex {
  readonly name: string | undefined;
  readonly url: string;
  readonly urlSpan: Span;
  /** Only used for packages that name it. */
  readonly explicit: boolean;
  readonly isDefault: boolean;
}

export interface UvSettings {
  readonly indexes: readonly PackageIndex[];
  readonly sources: ReadonlyMap<string, readonly UvSource[]>;
  readonly constraints: readonly Requirement[];
  readonly overrides: readonly Requirement[];
  /** Platforms the lock is limited to. */
  readonly environments: readonly Marker[];
  /** Sets of extras or groups of which only one can be installed, as `extra:cpu`, `group:dev`. */
  readonly conflicts: readonly (readonly string[])[];
  /** Groups `uv sync` installs unasked. */
  readonly defaultGroups: readonly string[];
}

/** `[tool.uv.sources] torch = { index = "pytorch-cpu", marker = "..." }`. */
export interface UvSource {
  readonly index: string | undefined;
  readonly git: string | undefined;
  readonly url: string | undefined;
  readonly path: string | undefined;
  readonly workspace: boolean;
  readonly marker: Marker | undefined;
  /** The source applies only with this extra or group. */
  readonly extra: string | undefined;
  readonly group: string | undefined;
  readonly span: Span;
}

export function readPyproject(text: string): Pyproject {
  const root = readToml(text);
  const bad: BadRequirement[] = [];
  const requirements = (value: SpannedValue | undefined): Requirement[] => requirementsIn(value, bad);
  const name = textAt(root, 'project', 'name') ?? textAt(root, 'tool', 'poetry', 'name');
  return {
    name: name && normalizedName(name.value),
    nameSpan: name?.inner,
    requiresPython: textAt(root, 'project', 'requires-python'),
    dependencies: requirements(valueAt(root, 'project', 'dependencies')),
    optionalDependencies: new Map(
      entriesAt(root, 'project', 'optional-dependencies').map(({ key, value }) => [
        normalizedName(key),
        requirements(value),
      ]),
    ),
    groups: groupsIn(root, requirements),
    buildRequires: requirements(valueAt(root, 'build-system', 'requires')),
    dependencyFiles: [
      ...textOrTexts(valueAt(root, 'tool', 'setuptools', 'dynamic', 'dependencies', 'file')),
      ...textOrTexts(valueAt(root, 'tool', 'hatch', 'metadata', 'hooks', 'requirements_txt', 'files')),
      ...textOrTexts(valueAt(root, 'tool', 'hatch', 'metadata', 'hooks', 'requirements_txt', 'filename')),
    ],
    uv: uvSettings(valueAt(root, 'tool', 'uv'), requirements),
    poetry: readPoetryProject(valueAt(root, 'tool', 'poetry')),
    pdmIndexes: itemsAt(root, 'tool', 'pdm', 'source').flatMap((item) => indexIn(item) ?? []),
    bad,
    problem: tomlProblem(text),
  };
}

function requirementsIn(value: SpannedValue | undefined, bad: BadRequirement[]): Requirement[] {
  return textsAt(value).flatMap((text) => {
    const read = readRequirement(text.value, text.inner.start, { direct: false });
    if (!('bad' in read)) return read;
    bad.push(read);
    return [];
  });
}

function groupsIn(
  root: SpannedValue,
  requirements: (value: SpannedValue | undefined) => Requirement[],
): ReadonlyMap<string, DependencyGroup> {
  const groups = new Map<string, DependencyGroup>();
  for (const { key, value } of entriesAt(root, 'dependency-groups')) {
    const includes = itemsAt(value).flatMap((item) => {
      const included = textAt(item, 'include-group');
      return included ? { name: normalizedName(included.value), span: included.inner } : [];
    });
    groups.set(normalizedName(key), { requirements: requirements(value), includes });
  }
  const add = (name: string, value: SpannedValue | undefined): void => {
    if (!value) return;
    const present = groups.get(name);
    groups.set(name, {
      requirements: [...(present?.requirements ?? []), ...requirements(value)],
      includes: present?.includes ?? [],
    });
  };
  add('dev', valueAt(root, 'tool', 'uv', 'dev-dependencies'));
  for (const { key, value } of entriesAt(root, 'tool', 'pdm', 'dev-dependencies'))
    add(normalizedName(key), value);
  return groups;
}

function uvSettings(
  uv: SpannedValue | undefined,
  requirements: (value: SpannedValue | undefined) => Requirement[],
): UvSettings {
  const defaultGroups = valueAt(uv, 'default-groups');
  return {
    indexes: [
      ...itemsAt(uv, 'index').flatMap((item) => indexIn(item) ?? []),
      ...[textAt(uv, 'index-url') ?? textAt(uv, 'pip', 'index-url')].flatMap((url) => plainIndex(url, true)),
      ...[...textsAt(uv, 'extra-index-url'), ...textsAt(uv, 'pip', 'extra-index-url')].flatMap((url) =>
        plainIndex(url, false),
      ),
    ],
    sources: new Map(
      entriesAt(uv, 'sources').map(({ key, value }) => [
        normalizedName(key),
        (value.kind === 'list' ? value.items : [value]).map(uvSourceIn),
      ]),
    ),
    constraints: requirements(valueAt(uv, 'constraint-dependencies')),
    overrides: requirements(valueAt(uv, 'override-dependencies')),
    environments: textsAt(uv, 'environments').flatMap((text) => markerIn(text) ?? []),
    conflicts: itemsAt(uv, 'conflicts').map((set) =>
      itemsAt(set).flatMap((item) => {
        const extra = textAt(item, 'extra');
        const group = textAt(item, 'group');
        if (extra) return `extra:${normalizedName(extra.value)}`;
        return group ? `group:${normalizedName(group.value)}` : [];
      }),
    ),
    defaultGroups: defaultGroups ? textsAt(defaultGroups).map((text) => normalizedName(text.value)) : ['dev'],
  };
}

function uvSourceIn(value: SpannedValue): UvSource {
  const workspace = valueAt(value, 'workspace');
  const read = (key: string): string | undefined => textAt(value, key)?.value;
  return {
    index: read('index'),
    git: read('git'),
    url: read('url'),
    path: read('path'),
    workspace: workspace?.kind === 'scalar' && workspace.value === 'true',
    marker: markerIn(textAt(value, 'marker')),
    extra: read('extra'),
    group: read('group'),
    span: value.span,
  };
}

function indexIn(item: SpannedValue): PackageIndex | undefined {
  const url = textAt(item, 'url');
  if (!url) return undefined;
  const isTrue = (key: string): boolean => {
    const value = valueAt(item, key);
    return value?.kind === 'scalar' && value.value === 'true';
  };
  return {
    name: textAt(item, 'name')?.value,
    url: url.value,
    urlSpan: url.inner,
    explicit: isTrue('explicit'),
    isDefault: isTrue('default'),
  };
}

function plainIndex(url: SpannedText | undefined, isDefault: boolean): PackageIndex[] {
  return url ? [{ name: undefined, url: url.value, urlSpan: url.inner, explicit: false, isDefault }] : [];
}

function textOrTexts(value: SpannedValue | undefined): readonly SpannedText[] {
  return value?.kind === 'text' ? [value] : textsAt(value);
}
