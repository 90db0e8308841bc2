#!/usr/bin/env node
// Real parts for tests: `parts.mjs list`, `parts.mjs install [NAME...]`, or `--needed` for what the suites here use.
// They go to a cache outside the checkout.
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheDir } from './parts/cache.mjs';
import { parts, partStates } from './parts/states.mjs';
import { findSuites } from './test/suites.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const [action = 'list', ...rest] = process.argv.slice(2);
const named = rest.flatMap((word) =>
  word === '--needed' ? findSuites(root).flatMap((suite) => suite.parts) : [word],
);
const unknown = named.filter((name) => !parts.has(name));
if (!['list', 'install'].includes(action) || unknown.length > 0) {
  console.error(
    `plimsoll: ${unknown.length > 0 ? `no part is called ${unknown[0]}` : `parts cannot "${action}"`}. Use: parts.mjs list | install [NAME...], with a name of ${[...parts.keys()].join(', ')}.`,
  );
  process.exit(2);
}

const names = rest.length > 0 ? [...new Set(named)] : [...parts.keys()];
if (action === 'list') {
  for (const { name, ok, what, next } of partStates(names).values()) {
    console.log(
      `${ok ? 'ready  ' : 'missing'}  ${name.padEnd(14)} ${what}${ok ? '' : `\n                        ${next}`}`,
    );
  }
} else {
  const started = performance.now();
  const seconds = () => `${((performance.now() - started) / 1000).toFixed(0)} s`;
  console.log(`Installing ${names.join(', ')} to ${cacheDir}`);
  await Promise.all(
    names.map(async (name) => {
      const { install, ready, what } = parts.get(name);
      try {
        await install();
        if (!ready()) throw new Error(`${what} should be here now, but is not.`);
        console.log(`  ${name}: ready after ${seconds()}`);
      } catch (error) {
        process.exitCode = 1;
        console.error(`  ${name}: ${error.message}`);
      }
    }),
  );
}
