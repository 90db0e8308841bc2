#!/usr/bin/env node
// Writes every file that is made from the rules and their specs. With --check it writes nothing and fails when one
// is not up to date.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { configurationSchema } from './generate/configurationSchema.mjs';
import { loadRules } from './generate/loadRules.mjs';
import { manifestRules } from './generate/manifestRules.mjs';
import { ruleExamples } from './generate/ruleExamples.mjs';
import { rulePages } from './generate/rulePages.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const check = process.argv.includes('--check');

const { rules, readRuleSpec, render } = await loadRules(root);
const specs = new Map(
  rules.map((rule) => [
    rule.name,
    existsSync(join(root, `test/lint/rules/${rule.name}.md`))
      ? readRuleSpec(readFileSync(join(root, `test/lint/rules/${rule.name}.md`), 'utf8'))
      : { rule: rule.name, cases: [] },
  ]),
);
const bundle = JSON.parse(readFileSync(join(root, 'media/l10n/bundle.l10n.zh-cn.json'), 'utf8'));

/** Path -> content. */
const files = new Map([
  ['server/src/cli/data/ruleExamples.json', `${JSON.stringify(ruleExamples(rules, specs), null, 1)}\n`],
  ['media/plimsoll.schema.json', `${JSON.stringify(configurationSchema(rules), null, 2)}\n`],
  ['package.json', manifestRules(readFileSync(join(root, 'package.json'), 'utf8'), rules)],
  ...rulePages(rules, specs, bundle, render),
]);

const stale = [];
for (const [path, content] of files) {
  const old = existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : undefined;
  if (old !== content) stale.push(path);
}
const pages = ['media/rules', 'media/rules/zh-cn'];
const left = pages.flatMap((folder) =>
  existsSync(join(root, folder))
    ? readdirSync(join(root, folder))
        .filter((name) => name.endsWith('.md') && !files.has(`${folder}/${name}`))
        .map((name) => `${folder}/${name}`)
    : [],
);
if (check) {
  if (stale.length + left.length > 0) {
    console.error(
      `Not up to date, run npm run generate:\n${[...stale, ...left].map((path) => `  ${path}`).join('\n')}`,
    );
    process.exit(1);
  }
} else {
  for (const path of stale) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), files.get(path));
  }
  for (const path of left) rmSync(join(root, path));
  console.log(`${stale.length} written, ${left.length} removed, ${files.size - stale.length} up to date`);
}
