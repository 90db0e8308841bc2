import cudaTable from './data/cudaPackages.json';
import torchTable from './data/torchCuda.json';

/** What the wheels of one torch version on PyPI bring on one machine. */
export interface TorchBuild {
  /** `12.6`; undefined for a build without CUDA. */
  readonly cuda: string | undefined;
  /** torch and every wheel it brings, compressed. */
  readonly wheelBytes: number;
  /** The same installed, estimated from the wheels by the ratio measured for one version. */
  readonly installedBytes: number;
}

export const cpuIndex = 'https://download.pytorch.org/whl/cpu';

interface TorchRow {
  readonly torch: string;
  readonly x86_64?: { readonly cuda: string | null; readonly torchBytes: number; readonly setBytes: number };
  readonly aarch64?: { readonly cuda: string | null; readonly torchBytes: number; readonly setBytes: number };
}

const rows = torchTable.rows as readonly TorchRow[];
const measured = cudaTable.measured as Readonly<
  Record<
    string,
    readonly { readonly version: string; readonly wheelBytes: number; readonly installedBytes: number }[]
  >
>;

/** The build of a version, or of the newest one known when nothing is pinned; undefined for versions nobody listed. */
export function torchBuild(
  version: string | undefined,
  machine: 'x86_64' | 'aarch64',
): TorchBuild | undefined {
  const row = version === undefined ? rows[0] : rows.find(({ torch }) => torch === version);
  const build = row?.[machine];
  if (!build) return undefined;
  const wheelBytes = build.torchBytes + build.setBytes;
  return { cuda: build.cuda ?? undefined, wheelBytes, installedBytes: wheelBytes * installedPerWheelByte() };
}

/** Installed bytes of the CPU build that was measured. */
export const cpuInstalledBytes =
  measured['torch']?.find(({ version }) => version.endsWith('+cpu'))?.installedBytes ?? 0;

/** The version whose wheels were all measured installed. */
const measuredVersion = '2.14.1';

/** Installed over compressed bytes of that version and all it brings: 1.81. */
function installedPerWheelByte(): number {
  const set = (torchTable.sets as Readonly<Record<string, object>>)[measuredVersion] ?? {};
  let wheels = 0;
  let installed = 0;
  for (const name of ['torch', ...Object.keys(set)]) {
    const newest = measured[name]?.find(({ version }) => !version.includes('+'));
    wheels += newest?.wheelBytes ?? 0;
    installed += newest?.installedBytes ?? 0;
  }
  return wheels === 0 ? 0 : installed / wheels;
}

const throughTorch = new Set(cudaTable.throughTorch);
const throughExtras = cudaTable.throughExtras
  .filter(({ brings }) => brings === 'torch')
  .map(({ requirement }) => /^([^[]+)\[(.*)\]$/.exec(requirement))
  .map((match) => ({ name: match?.[1] ?? '', extra: match?.[2] ?? '' }));

/** The package depends on torch whatever its version, or through one of these extras. */
export function bringsTorch(name: string, extras: readonly string[]): boolean {
  return (
    throughTorch.has(name) || throughExtras.some((row) => row.name === name && extras.includes(row.extra))
  );
}
