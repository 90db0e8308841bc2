import type { LockFile } from '../../project/dependencies/lockedPackage';
import { type PackageSet, packageSet, type PackageTarget } from '../../project/dependencies/packageSet';
import type { Pyproject } from '../../project/dependencies/pyproject';

interface KeptSet {
  readonly pyproject: Pyproject | undefined;
  readonly target: string;
  readonly set: PackageSet;
}

const kept = new WeakMap<LockFile, readonly KeptSet[]>();

/** More targets than one lock meets in a project. */
const mostKept = 8;

/**
 * What a lock installs into a target. The closure of a 600 kB lock takes 7-36 ms, and the lock's parsed form stays
 * the same while its text does: it is worked out once, not with every keystroke elsewhere.
 */
export function lockedPackageSet(
  path: string,
  lock: LockFile,
  pyproject: Pyproject | undefined,
  target: PackageTarget,
): PackageSet {
  const key = JSON.stringify(target);
  const known = kept.get(lock) ?? [];
  const hit = known.find((one) => one.pyproject === pyproject && one.target === key);
  if (hit) return hit.set;
  const set = packageSet({ kind: 'lock', path, lock, pyproject }, target);
  kept.set(lock, [{ pyproject, target: key, set }, ...known].slice(0, mostKept));
  return set;
}
