import type { LockedPackage, LockedWheel } from './pylock.mjs';
export function wheelFor(
  wheels: readonly LockedWheel[],
  machine: 'x86_64' | 'aarch64',
  python: string,
): LockedWheel | undefined;
export function cudaOf(packages: readonly LockedPackage[]): string | undefined;
export function buildOf(
  packages: readonly LockedPackage[],
  machine: 'x86_64' | 'aarch64',
  python: string,
): {
  cuda: string | null;
  torchBytes: number | null;
  set: Record<string, [version: string, bytes: number | null]>;
};
export function indexBuilds(
  rows: readonly { Torch: string; CUDA: string | null }[],
): Record<string, string[]>;
