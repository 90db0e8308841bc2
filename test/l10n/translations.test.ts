import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

const root = process.cwd();
const json = (path: string): Record<string, string> =>
  JSON.parse(readFileSync(join(root, path), 'utf8')) as Record<string, string>;

interface Templates {
  readonly templatesIn: (root: string) => ReadonlyMap<string, string>;
  readonly templatesOf: (source: string, file: string) => readonly string[];
  readonly placeholdersOf: (text: string) => readonly string[];
}

/** The scanner is a script, loaded as one. */
const scanner = import(pathToFileURL(join(root, 'scripts/l10n/templates.mjs')).href) as Promise<Templates>;
const chinese = json('media/l10n/bundle.l10n.zh-cn.json');

test('every text of the sources has a Chinese one', async () => {
  const { templatesIn } = await scanner;
  const missing = [...templatesIn(root)].filter(([template]) => !Object.hasOwn(chinese, template));
  assert.deepEqual(
    missing.map(([template, file]) => `${file}: ${template}`),
    [],
  );
});

test('no translation is left of a text that no source says', async () => {
  const { templatesIn } = await scanner;
  const templates = templatesIn(root);
  assert.deepEqual(
    Object.keys(chinese).filter((template) => !templates.has(template)),
    [],
  );
});

test('a translation has the placeholders of its text, and is not empty', async () => {
  const { placeholdersOf } = await scanner;
  const wrong = Object.entries(chinese).filter(
    ([template, text]) =>
      text.trim() === '' || placeholdersOf(template).join() !== placeholdersOf(text).join(),
  );
  assert.deepEqual(wrong, []);
});

test('the manifest has both languages for each key it uses, and no others', () => {
  const used = new Set(
    [...readFileSync(join(root, 'package.json'), 'utf8').matchAll(/"%([\w.-]+)%"/g)].map(
      ([, key]) => key ?? '',
    ),
  );
  assert.deepEqual(Object.keys(json('package.nls.json')).sort(), [...used].sort());
  assert.deepEqual(Object.keys(json('package.nls.zh-cn.json')).sort(), [...used].sort());
});

test('the scanner sees texts behind choices and constants, and not those of other words', async () => {
  const { templatesOf } = await scanner;
  const source = `const late = 'late text';
    const hit = { what: yes ? 'one' : 'two', why: late, name: 'not this', title: \`plain\` };
    l10n.t('said', {}); other.t('unsaid');`;
  assert.deepEqual([...templatesOf(source, 'server/src/lint/rules/x.ts')].sort(), [
    'late text',
    'one',
    'plain',
    'said',
    'two',
  ]);
  assert.deepEqual(templatesOf(`const want = { what: 'text' };`, 'server/src/project/x.ts'), []);
});
