import type { InstalledPackage } from '../../project/dependencies/packageSet';
import type { PyprojectDocument, Project } from '../../project/project';
import type { Span } from '../../project/span';
import { bringsTorch, type TorchBuild, torchBuild } from '../torchBuild';
import { gpuUse } from './gpuSignals';
import { type PythonInstallation, pythonInstallations } from './pythonInstallations';
import { purposeOf } from './stageFacts';

/** A package that puts torch's CUDA build into an image that never uses a GPU. */
export interface CudaWheels {
  readonly installation: PythonInstallation;
  /** Where the package is asked for. */
  readonly file: string;
  readonly span: Span;
  readonly requirement: string;
  readonly isTorch: boolean;
  readonly pinned: string | undefined;
  readonly build: TorchBuild;
}

const kept = new WeakMap<Project, readonly CudaWheels[]>();

/** One entry per place, however many images install it. */
export function cudaWheelsIn(project: Project): readonly CudaWheels[] {
  let found = kept.get(project);
  if (!found) {
    found = [
      ...uniquePlaces(
        pythonInstallations(project).flatMap((installation) => cudaWheelsOf(installation, project) ?? []),
      ),
    ];
    kept.set(project, found);
  }
  return found;
}

function* uniquePlaces(all: readonly CudaWheels[]): Generator<CudaWheels> {
  const seen = new Set<string>();
  for (const one of all) {
    const key = `${one.file} ${one.span.start}`;
    if (!seen.has(key)) yield one;
    seen.add(key);
  }
}

function cudaWheelsOf(installation: PythonInstallation, project: Project): CudaWheels | undefined {
  const { document, indexes, machine, base } = installation;
  const stage = document.dockerfile.finalStage;
  if (!stage || purposeOf(document.dockerfile).purpose !== 'serving') return undefined;
  // On musl there is no torch wheel at all: another rule's matter.
  if (base.libc.state === 'known' && base.libc.value === 'musl') return undefined;
  if (machine.state === 'unknown' || indexes.isUnknown || indexes.torchBackend !== undefined)
    return undefined;
  if (indexes.urls.some(namesTorchIndex)) return undefined;
  const brought = broughtBy(installation, project);
  if (!brought || gpuUse(stage, document, project) !== 'no sign') return undefined;
  const build = torchBuild(brought.pinned, machine.state === 'known' ? machine.value : 'x86_64');
  return build?.cuda === undefined ? undefined : { installation, build, ...brought };
}

/** An index of PyTorch's own, or a mirror of it: whoever names it has chosen a build. */
function namesTorchIndex(url: string): boolean {
  return /pytorch|\/whl\/(cpu|cu\d|rocm|nightly)|(^|[/-])(cpu|cu\d{3})\/?$/.test(url);
}

type Brought = Omit<CudaWheels, 'installation' | 'build'>;

function broughtBy({ packages }: PythonInstallation, project: Project): Brought | undefined {
  const torch = packages.find(({ name }) => name === 'torch');
  const asked = torch ?? packages.find(({ name, extras }) => bringsTorch(name, extras));
  if (!asked || asked.isPossible || (torch && !fromPyPi(torch))) return undefined;
  const pinned = torch?.version.state === 'known' ? torch.version.value : undefined;
  if (pinned?.includes('+')) return undefined;
  const inPyproject = pyprojectPlace(asked, packages, project);
  if (inPyproject === 'chosen') return undefined;
  const place = inPyproject ?? {
    file: asked.file,
    span: { start: asked.span.start, end: Math.max(asked.span.end, asked.versionSpan?.end ?? 0) },
  };
  return {
    ...place,
    requirement: project.tree.textOf(place.file)?.slice(place.span.start, place.span.end) ?? asked.name,
    isTorch: asked === torch,
    pinned,
  };
}

function fromPyPi({ origin, index, files }: InstalledPackage): boolean {
  if (origin !== 'index' || index.state === 'unknown') return false;
  if (files.some(({ url }) => url !== undefined && /\+cpu|%2Bcpu|\/whl\/cpu/.test(url))) return false;
  return index.state === 'absent' || !namesTorchIndex(index.value);
}

/** A lock is made by a tool: what people edit is the pyproject.toml beside it. `chosen`: it names an index for torch. */
function pyprojectPlace(
  asked: InstalledPackage,
  packages: readonly InstalledPackage[],
  project: Project,
): { file: string; span: Span } | 'chosen' | undefined {
  const folder = asked.file.slice(0, asked.file.lastIndexOf('/') + 1);
  const document = project.pyprojects.find(({ path }) => path === `${folder}pyproject.toml`);
  if (!document) return undefined;
  if (
    document.pyproject.uv.sources.has('torch') ||
    document.pyproject.uv.indexes.some(
      ({ url, isDefault }) => isDefault && url !== undefined && namesTorchIndex(url),
    )
  )
    return 'chosen';
  if (!asked.file.endsWith('.lock')) return undefined;
  const span =
    requirementSpan(document, 'torch') ??
    packages
      .map(({ name, extras }) => (bringsTorch(name, extras) ? requirementSpan(document, name) : undefined))
      .find((found) => found !== undefined);
  return span && { file: document.path, span };
}

function requirementSpan({ pyproject }: PyprojectDocument, name: string): Span | undefined {
  return pyproject.dependencies.find((requirement) => requirement.name === name)?.span;
}
