import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir, installFolder, runLogged } from './cache.mjs';

const version = '4.1.0';
const folder = join(cacheDir, `vsce-${version}`);
const places = { vsce: join(folder, 'node_modules/@vscode/vsce/vsce') };

/** Kept out of package.json: 200 packages that nobody needs who only builds, tests or starts. */
export const packager = {
  name: 'packager',
  what: `vsce ${version}, which makes VSIX files`,
  places,
  ready: () => existsSync(places.vsce),
  async install() {
    await installFolder(folder, async (half) => {
      writeFileSync(join(half, 'package.json'), '{ "private": true }\n');
      // Without scripts: they serve publishing (a keyring, a signer), not packaging.
      const args = [
        'install',
        '--ignore-scripts',
        '--no-audit',
        '--no-fund',
        '--loglevel=error',
        `@vscode/vsce@${version}`,
      ];
      await runLogged('packager-npm', 'npm', args, { cwd: half });
    });
  },
};
