#!/usr/bin/env node
// `npm run bench -- NAME`: measures ours beside the peers in one run. Without a name: every bench.
import { readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { installDependencies } from './dependencies.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
installDependencies(root);
const { buildAll } = await import('./build.mjs');
await buildAll();
const folder = join(root, 'scripts/bench');
const known = readdirSync(folder)
  .filter((name) => name.endsWith('.bench.mjs'))
  .map((name) => name.replace('.bench.mjs', ''));
const [name, ...rest] = process.argv.slice(2);
if (name !== undefined && !known.includes(name)) {
  console.error(`There is no bench ${name}. There are: ${known.join(', ')}`);
  process.exit(2);
}
for (const each of name === undefined ? known : [name]) {
  const { bench } = await import(pathToFileURL(join(folder, `${each}.bench.mjs`)).href);
  await bench(root, rest);
}
