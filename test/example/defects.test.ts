import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { resolve } from 'node:path';

interface Defect {
  id: number;
  file: string;
  line: number;
  text: string;
  rule: string | null;
  part: 1 | 3 | 5 | 'docs-only';
}

const folder = resolve('examples/text-classification-as-found');
const defects = JSON.parse(readFileSync(resolve('test/example/defects.json'), 'utf8')) as Defect[];

it('finds the word of each defect at its place', () => {
  for (const { id, file, line, text } of defects) {
    const found = readFileSync(`${folder}/${file}`, 'utf8').split('\n')[line - 1];
    assert.ok(found?.includes(text), `${id}: ${file}:${line} is "${found}"`);
  }
});

it('agrees with the list that people read', () => {
  const rows = readFileSync(`${folder}/DEFECTS.md`, 'utf8').matchAll(
    /^\| (\d+) \| (\S+):(\d+) \| `([^`]+)` \| .* \| (\S+) \| (\S+) \|$/gm,
  );
  const read = [...rows].map(([, id, file, line, text, rule, part]) => ({
    id: Number(id),
    file,
    line: Number(line),
    text,
    rule: rule === '-' ? null : rule,
    part: part === 'docs-only' ? part : Number(part),
  }));
  assert.deepEqual(read, defects);
});
