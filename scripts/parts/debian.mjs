import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { runLogged } from './cache.mjs';

/** Installs wait for each other: apt holds one lock. */
let last = Promise.resolve();

/** True when all the named Debian packages are installed. */
export function debianHas(names) {
  const { stdout } = spawnSync('dpkg-query', ['-W', '-f', '${Package} ${db:Status-Status}\n', ...names], {
    encoding: 'utf8',
  });
  const installed = new Set(
    (stdout ?? '')
      .split('\n')
      .filter((line) => line.endsWith(' installed'))
      .map((line) => line.split(' ')[0]),
  );
  return names.every((name) => installed.has(name));
}

/** Installs Debian packages that are missing. Needs root and apt. */
export function debianInstall(names) {
  last = last.catch(() => undefined).then(() => install(names));
  return last;
}

async function install(names) {
  if (debianHas(names)) return;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    throw new Error(
      `Debian packages are missing. Run as root: apt-get install --no-install-recommends ${names.join(' ')}`,
    );
  }
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const options = ['-o', 'DPkg::Lock::Timeout=300', '-y', '--no-install-recommends'];
  try {
    await runLogged('apt-install', 'apt-get', ['install', ...options, ...names], { env });
  } catch {
    await runLogged('apt-update', 'apt-get', ['-o', 'DPkg::Lock::Timeout=300', 'update'], { env });
    await runLogged('apt-install', 'apt-get', ['install', ...options, ...names], { env });
  }
}
