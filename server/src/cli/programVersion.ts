import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The version in package.json, which lies above dist/ and dist/cli/. */
export function programVersion(): string {
  for (const up of ['..', '../..']) {
    try {
      const { name, version } = JSON.parse(readFileSync(join(__dirname, up, 'package.json'), 'utf8')) as {
        name?: string;
        version?: string;
      };
      if (name === 'plimsoll' && version) return version;
    } catch {
      continue;
    }
  }
  return 'unknown';
}
