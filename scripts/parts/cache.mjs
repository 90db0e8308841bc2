import { spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** Where real parts are kept: outside the checkout, because they are slow to build and shared by checkouts. */
export const cacheDir = process.env.PLIMSOLL_CACHE || join(homedir(), '.cache', 'plimsoll');

const logs = join(cacheDir, 'logs');

/**
 * Makes a folder of the cache once. `make(half)` fills a folder beside it, which is renamed into place when it
 * is complete, so an interrupted install leaves nothing that looks ready. The folder's name carries the versions.
 */
export async function installFolder(folder, make) {
  if (existsSync(folder)) return;
  const half = `${folder}.half-${process.pid}`;
  mkdirSync(dirname(folder), { recursive: true });
  for (const entry of readdirSync(dirname(folder))) {
    if (entry.startsWith(`${basename(folder)}.half-`) && !isRunning(entry)) {
      rmSync(join(dirname(folder), entry), { recursive: true, force: true });
    }
  }
  mkdirSync(half);
  try {
    await make(half);
    if (!existsSync(folder)) renameSync(half, folder);
  } finally {
    rmSync(half, { recursive: true, force: true });
  }
}

function isRunning(halfName) {
  try {
    process.kill(Number(halfName.split('-').at(-1)), 0);
    return true;
  } catch {
    return false;
  }
}

/** Runs a program to its end with its output in a log file. Throws with the log's last lines when it fails. */
export function runLogged(label, command, args, { env, ...options } = {}) {
  mkdirSync(logs, { recursive: true });
  const file = join(logs, `${label}.log`);
  const log = createWriteStream(file, { flags: 'w' });
  let tail = '';
  return new Promise((done, fail) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
      ...options,
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        log.write(chunk);
        tail = (tail + chunk).slice(-3000);
      });
    }
    child.on('error', (error) => fail(new Error(`${command} could not start: ${error.message}`)));
    child.on('close', (code) => {
      log.end();
      if (code === 0) done();
      else fail(new Error(`${command} ${args.join(' ')} ended with ${code}. Log: ${file}\n${tail}`));
    });
  });
}
