#!/usr/bin/env node
// Bundles what exists to dist/, without network. Bundles' metafiles go to .build/meta, where checks read sizes.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './build/bundle.mjs';
import { groups, warmUps } from './build/entries.mjs';
import { notices } from './build/notices.mjs';
import { writeChanged } from './build/writeChanged.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
/** Nobody waits for a warm-up: a command that hangs in it loses its code cache, not the build. */
const warmUpLimitMs = 20_000;
/** A running editor or test may still load files of the build before. */
const staleAfterMs = 10 * 60_000;

/** Builds everything that exists; with `clean`, into an empty folder. Rejects when a bundle fails, after printing why. */
export async function buildAll({ clean = false, dist = join(root, 'dist') } = {}) {
  if (clean) rmSync(dist, { recursive: true, force: true });
  const results = await Promise.allSettled(
    groups(root).map(async (group) => ({ group, ...(await bundle(root, dist, group)) })),
  );
  // A group that fails does not keep the others from being built.
  const built = results.filter(({ status }) => status === 'fulfilled').map(({ value }) => value);
  const files = built.flatMap(({ files }) => files);
  files.push({
    path: join(dist, 'cli/cachedRequire.js'),
    text: readFileSync(join(root, 'scripts/build/cachedRequire.cjs'), 'utf8'),
  });
  files.push({
    path: join(dist, 'NOTICES.txt'),
    text: notices(
      root,
      built.map(({ metafile }) => metafile),
    ),
  });
  // Entries last: the files they load are in place when they change.
  files.sort((a, b) => b.path.split('/').length - a.path.split('/').length);
  const changed = files
    .filter(({ path, text, executable }) => writeChanged(path, text, { executable }))
    .map(({ path }) => path);
  for (const { group, metafile } of built)
    writeChanged(join(root, '.build/meta', `${group.name}.json`), JSON.stringify(metafile));
  removeStale(dist, new Set(files.map(({ path }) => path)));
  if (existsSync(join(dist, 'cli.js')) && changed.some((path) => path.startsWith(join(dist, 'cli'))))
    warmCodeCaches(dist);
  const failed = results.find(({ status }) => status === 'rejected');
  if (failed) throw failed.reason;
  return changed.length;
}

function removeStale(dist, current) {
  if (!existsSync(dist)) return;
  for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || current.has(path.replace(/\.cache$/, ''))) continue;
    if (Date.now() - statSync(path).mtimeMs > staleAfterMs) rmSync(path, { force: true });
  }
}

/** One after the other: each run keeps what the run before has compiled. */
function warmCodeCaches(dist) {
  for (const commandLine of warmUps(root)) {
    spawnSync(process.execPath, [join(root, 'scripts/build/warmCodeCache.cjs'), dist, ...commandLine], {
      cwd: root,
      stdio: 'ignore',
      timeout: warmUpLimitMs,
    });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const started = performance.now();
  try {
    const changed = await buildAll({ clean: process.argv.includes('--clean') });
    console.log(
      `built dist/ in ${((performance.now() - started) / 1000).toFixed(1)} s, ${changed} files changed`,
    );
  } catch (error) {
    // esbuild has printed its own errors.
    if (!('errors' in error)) console.error(error);
    process.exitCode = 1;
  }
}
