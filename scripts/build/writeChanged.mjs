import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Writes beside and renames into place, and only what changed: another process may be running the old file. */
export function writeChanged(path, contents, { executable = false } = {}) {
  const bytes = Buffer.from(contents);
  try {
    if (readFileSync(path).equals(bytes)) return false;
  } catch {
    mkdirSync(dirname(path), { recursive: true });
  }
  const half = `${path}.${process.pid}`;
  writeFileSync(half, bytes);
  if (executable) chmodSync(half, 0o755);
  renameSync(half, path);
  return true;
}
