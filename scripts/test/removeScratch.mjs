import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { removeBridge } from './removeBridge.mjs';

/** Removes a suite's scratch folder with what an engine that was killed leaves behind: bridges and mounts. */
export function removeScratch(folder) {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder)) {
    const file = join(folder, entry, 'bridge.json');
    if (existsSync(file)) removeBridge(JSON.parse(readFileSync(file, 'utf8')));
  }
  if (process.platform === 'linux') unmountBelow(folder);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

function unmountBelow(folder) {
  const mounts = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((target) => target.startsWith(`${folder}/`));
  // Overlays hold the folders that were mounted before them.
  for (const target of mounts.reverse()) spawnSync('umount', ['-l', target]);
}
