import { absent, type Answer, known, unknown } from '../../project/answer';
import type { InstalledPackage } from '../../project/dependencies/packageSet';
import { bringsTorch, torchBuild } from '../torchBuild';
import type { PythonInstallation } from './pythonInstallations';

/**
 * The CUDA version that a package's wheels bring along (`12.6`, or `12` where only the major is said); absent for
 * those that bring none, unknown where the index or the machine decides.
 */
export function packageCuda(one: InstalledPackage, installation: PythonInstallation): Answer<string> {
  const { name, extras } = one;
  if (one.isPossible) return unknown;
  const named = /^nvidia-[a-z-]+-cu(\d\d)$/.exec(name)?.[1];
  if (named !== undefined) return known(named);
  const extra = extras.map((text) => /^cuda(\d\d)/.exec(text)?.[1]).find((major) => major !== undefined);
  if (name === 'jax' && extra !== undefined) return known(extra);
  if (name === 'tensorflow' && extras.includes('and-cuda')) return known('12');
  if (name === 'torch') return torchCuda(one, installation);
  const isAsked = installation.packages.some((other) => other.name === 'torch');
  return bringsTorch(name, extras) && !isAsked ? torchCuda(undefined, installation) : absent;
}

/** `torch` undefined: another package brings the newest one. */
function torchCuda(torch: InstalledPackage | undefined, installation: PythonInstallation): Answer<string> {
  const { indexes, machine, base } = installation;
  if (base.libc.state === 'known' && base.libc.value === 'musl') return absent;
  const version = torch?.version.state === 'known' ? torch.version.value : undefined;
  const local = version?.includes('+') ? version.slice(version.indexOf('+') + 1) : undefined;
  if (local !== undefined) return buildCuda(local);
  if (torch && torch.origin !== 'index') return unknown;
  if (indexes.torchBackend !== undefined) return buildCuda(indexes.torchBackend);
  if (indexes.isUnknown || indexes.localOnly || machine.state === 'unknown') return unknown;
  if (torch?.index.state === 'unknown') return unknown;
  const urls = [...indexes.urls, ...(torch?.index.state === 'known' ? [torch.index.value] : [])];
  const build = urls.map((url) => /\/((?:cu\d{3}|cpu|rocm[\d.]*|xpu))\/?$/.exec(url)?.[1]).find(Boolean);
  if (build !== undefined) return buildCuda(build);
  if (urls.some((url) => /pytorch|nightly|nvidia|jetson/.test(url))) return unknown;
  const found = torchBuild(version, machine.state === 'known' ? machine.value : 'x86_64');
  if (!found) return unknown;
  return found.cuda === undefined ? absent : known(found.cuda);
}

/** `cu126`, `cpu`, `rocm6.2`. */
function buildCuda(build: string): Answer<string> {
  const match = /^cu(\d\d)(\d)$/.exec(build);
  if (match) return known(`${match[1]}.${match[2]}`);
  return /^(?:cpu|rocm|xpu)/.test(build) ? absent : unknown;
}
