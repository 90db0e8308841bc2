export interface LockedWheel {
  file: string;
  bytes: number;
}
export interface LockedPackage {
  name: string;
  version: string;
  wheels: LockedWheel[];
  hasSdist: boolean;
}
export function readPylock(text: string): LockedPackage[];
export function lock(
  requirements: readonly string[],
  python: string,
  options: readonly string[],
  uv?: string,
): LockedPackage[];
export function versionsOf(name: string, pip?: string): string[];
export function wheelTags(file: string): { python: string; abi: string; platform: string };
