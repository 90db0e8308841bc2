import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir, installFolder, runLogged } from './cache.mjs';
import { debianHas, debianInstall } from './debian.mjs';

const codeServer = '4.139.1';
const node = '24.21.0';
/** One folder for every part that brings node or an editor; its name changes with the versions. */
const folder = join(cacheDir, `editor-${codeServer}-node-${node}`);
const nodePackage = `node-${process.platform}-${process.arch}`;
const debianPackages = ['chromium', 'fonts-wqy-microhei'];

const places = {
  node: join(folder, 'node_modules', nodePackage, 'bin/node'),
  codeServer: join(folder, 'node_modules/code-server'),
  chromium: '/usr/bin/chromium',
};

/**
 * VS Code in the browser with its own Node 24. Install scripts are left out: they compile for minutes, and only
 * log files and a watchdog are lost without them.
 */
export async function installEditor() {
  await installFolder(folder, async (half) => {
    const npm = (label, where, ...args) =>
      runLogged(`editor-${label}`, 'npm', [...args, '--ignore-scripts', '--no-audit', '--no-fund'], {
        cwd: where,
      });
    writeFileSync(join(half, 'package.json'), '{ "private": true }\n');
    await npm('packages', half, 'install', '--force', `${nodePackage}@${node}`, `code-server@${codeServer}`);
    const vscode = join(half, 'node_modules/code-server/lib/vscode');
    await npm('vscode', vscode, 'install', '--omit=dev');
    await npm('extensions', join(vscode, 'extensions'), 'install', '--omit=dev');
  });
}

export const editor = {
  name: 'editor',
  what: 'VS Code in the browser (code-server), Chromium and a Chinese font',
  places,
  ready: () => process.platform === 'linux' && existsSync(places.codeServer) && debianHas(debianPackages),
  async install() {
    await Promise.all([debianInstall(debianPackages), installEditor()]);
  },
};
