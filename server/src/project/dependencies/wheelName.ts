import { normalizedName } from './normalizedName';

/** What a wheel's file name says (PEP 427): `{name}-{version}(-{build})?-{python}-{abi}-{platform}.whl`. */
export interface WheelName {
  readonly name: string;
  readonly version: string;
  /** Build tag; absent in most names. */
  readonly build: string | undefined;
  readonly pythonTags: readonly string[];
  readonly abiTags: readonly string[];
  readonly platformTags: readonly string[];
}

/** The interpreter and the system a wheel would be installed on. */
export interface WheelTarget {
  /** `3.11`. */
  readonly python: string;
  readonly libc: 'glibc' | 'musl';
  /** `2.36`, `1.2`; left out, the newest is assumed: a Linux wheel of that libc is then never too new. */
  readonly libcVersion?: string;
  /** As `uname -m` says: `x86_64`, `aarch64`, `armv7l`, `ppc64le`, `s390x`, `riscv64`. */
  readonly arch: string;
  /** Free-threaded CPython (`3.13t`). */
  readonly freeThreaded?: boolean;
}

/** The parts of a wheel's file name; undefined when the text is no wheel name. A folder or URL before it is dropped. */
export function wheelName(path: string): WheelName | undefined {
  const clean = path.split(/[?#]/, 1)[0] ?? '';
  const file = decoded(clean.slice(clean.lastIndexOf('/') + 1));
  if (file.length > 512 || !file.toLowerCase().endsWith('.whl')) return undefined;
  const parts = file.slice(0, -4).split('-');
  if (parts.length !== 5 && parts.length !== 6) return undefined;
  const [name = '', version = '', ...rest] = parts;
  const [platform = '', abi = '', python = ''] = [rest.at(-1), rest.at(-2), rest.at(-3)];
  const build = rest.length === 4 ? rest[0] : undefined;
  if (!/^\w[\w.]*$/.test(name) || version === '' || (build !== undefined && !/^\d/.test(build)))
    return undefined;
  return {
    name: normalizedName(name),
    version: version.replace(/_/g, '-'),
    build,
    pythonTags: python.toLowerCase().split('.'),
    abiTags: abi.toLowerCase().split('.'),
    platformTags: platform.toLowerCase().split('.'),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Whether an installer on that target takes the wheel (PEP 425, 600, 656). */
export function wheelFits(wheel: WheelName, target: WheelTarget): boolean {
  return (
    wheel.platformTags.some((tag) => platformFits(tag, target)) &&
    wheel.pythonTags.some((python) => wheel.abiTags.some((abi) => interpreterFits(python, abi, target)))
  );
}

/** Whether one platform tag, such as `manylinux_2_28_x86_64`, names the target's system. */
function platformFits(tag: string, target: WheelTarget): boolean {
  if (tag === 'any') return true;
  const old = { manylinux1: '2.5', manylinux2010: '2.12', manylinux2014: '2.17' };
  const match =
    /^(?:(manylinux1|manylinux2010|manylinux2014)|(manylinux|musllinux)_(\d{1,4})_(\d{1,4})|linux)_(\w+)$/.exec(
      tag,
    );
  if (!match) return false;
  const [, legacy, family, major, minor, arch] = match;
  if (arch !== target.arch) return false;
  if (!legacy && !family) return true;
  const needs = legacy ? old[legacy as keyof typeof old] : `${major}.${minor}`;
  const libc = family === 'musllinux' ? 'musl' : 'glibc';
  if (libc !== target.libc) return false;
  return target.libcVersion === undefined || atLeast(target.libcVersion, needs);
}

/** Whether python tag and ABI tag fit CPython of the target's version. */
function interpreterFits(python: string, abi: string, target: WheelTarget): boolean {
  const match = /^(cp|py)(\d)(\d{0,3})$/.exec(python);
  if (!match) return false;
  const [, family, major = '', minor = ''] = match;
  const [targetMajor = '', targetMinor = ''] = target.python.split('.');
  if (major !== targetMajor) return false;
  const notNewer = minor === '' || Number(minor) <= Number(targetMinor);
  if (abi === 'none') {
    return family === 'py' || minor === '' ? notNewer : minor === targetMinor;
  }
  if (family !== 'cp') return false;
  if (abi === 'abi3') return notNewer && !target.freeThreaded;
  // Up to 3.7 the ABI tag carries `m`; a free-threaded build carries `t`.
  const own = `cp${targetMajor}${targetMinor}`;
  if (target.freeThreaded) return minor === targetMinor && abi === `${own}t`;
  return minor === targetMinor && (abi === own || abi === `${own}m`);
}

function atLeast(version: string, needed: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [neededMajor = 0, neededMinor = 0] = needed.split('.').map(Number);
  return major > neededMajor || (major === neededMajor && minor >= neededMinor);
}
