#!/usr/bin/env node
// Translations of the sources' templates. `node scripts/l10n.mjs` prints the templates that have none yet as JSON,
// `node scripts/l10n.mjs FILE.json` adds {"English": "中文"} and drops what no source says any more.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { templatesIn } from './l10n/templates.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const path = join(root, 'media/l10n/bundle.l10n.zh-cn.json');
const templates = templatesIn(root);
const bundle = JSON.parse(readFileSync(path, 'utf8'));
const [file] = process.argv.slice(2);

if (file === undefined) {
  const missing = [...templates.keys()].filter((template) => !Object.hasOwn(bundle, template)).sort();
  console.log(JSON.stringify(Object.fromEntries(missing.map((template) => [template, ''])), null, 2));
} else {
  const all = { ...bundle, ...JSON.parse(readFileSync(file, 'utf8')) };
  const kept = Object.keys(all)
    .filter((template) => templates.has(template))
    .sort();
  writeFileSync(path, `${JSON.stringify(Object.fromEntries(kept.map((key) => [key, all[key]])), null, 2)}\n`);
}
