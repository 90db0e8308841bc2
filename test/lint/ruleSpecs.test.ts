import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { render } from '../../server/src/l10n/render';
import { applyFixes } from '../../server/src/lint/applyFixes';
import { lintFiles } from '../../server/src/lint/lint';
import type { Rule, SubjectKind } from '../../server/src/lint/rule';
import { rules } from '../../server/src/lint/rules';
import { defaultSettings, type LintSettings } from '../../server/src/lint/settings';
import type { Finding, FixKind } from '../../server/src/protocol/finding';
import { type MemoryFile, memoryProject } from '../support/memoryTree';
import { readRuleSpec, type SpecCase } from '../support/ruleSpec';

const folder = join(process.cwd(), 'test/lint/rules');
const specs = readdirSync(folder)
  .filter((name) => name.endsWith('.md'))
  .map((name) => ({ name, spec: readRuleSpec(readFileSync(join(folder, name), 'utf8')) }));
const everyFix: ReadonlySet<FixKind> = new Set(['safe', 'derived', 'placeholder']);

function findingsIn(
  files: Readonly<Record<string, MemoryFile>>,
  settings: LintSettings,
  only?: readonly Rule<SubjectKind>[],
): readonly Finding[] {
  const found = lintFiles(memoryProject(files), settings, undefined, only);
  for (const { failures } of found) assert.deepEqual(failures, []);
  return found.flatMap(({ findings }) => findings);
}

/** One line per finding, as caret lines say it; the part of a range behind its first line is left out. */
function told(finding: Finding, files: Readonly<Record<string, MemoryFile>>): string {
  const { start, end } = finding.range;
  const text = files[finding.file];
  const line = typeof text === 'string' ? (text.split('\n')[start.line - 1] ?? '').replace(/\r$/, '') : '';
  const endColumn = end.line === start.line ? end.column : line.length + 1;
  return `${finding.file}:${start.line}:${start.column}-${endColumn} ${finding.severity}: ${render(finding.what)}`;
}

function checkCase(rule: Rule<SubjectKind>, example: SpecCase): void {
  const settings: LintSettings = { ...defaultSettings, profile: example.strict ? 'strict' : 'recommended' };
  const findings = findingsIn(example.files, settings, [rule]);
  const expected = example.expected.map(
    (e) => `${e.file}:${e.line}:${e.startColumn}-${e.endColumn} ${e.severity}: ${e.message}`,
  );
  assert.deepEqual(
    findings.map((finding) => told(finding, example.files)),
    expected,
  );
  const fixable = findings.filter((finding) => finding.fix);
  if (fixable.length === 0) {
    assert.deepEqual(Object.keys(example.fixed), [], 'a fixed block, but no finding has a fix');
    return;
  }
  assert.ok(rule.fixKind, `${rule.name} gives a fix, so its metadata names a fixKind`);
  const textOf = (file: string): string | undefined => {
    const text = example.files[file];
    return typeof text === 'string' ? text : undefined;
  };
  const { texts } = applyFixes(fixable, everyFix, textOf);
  const after = { ...example.files, ...Object.fromEntries(texts) };
  for (const [file, text] of Object.entries(example.fixed))
    assert.equal(after[file], text, `${file} after the fix`);
  const before = new Set(findingsIn(example.files, settings).map((finding) => finding.rule));
  const left = findingsIn(after, settings);
  const unfixed = findings.length - fixable.length;
  assert.equal(
    left.filter((finding) => finding.rule === rule.name).length,
    unfixed,
    'the fixed findings are gone',
  );
  assert.deepEqual(
    left.filter((finding) => !before.has(finding.rule)).map((finding) => told(finding, after)),
    [],
    'the fix brings nothing new',
  );
}

describe('rule specs', () => {
  for (const { name, spec } of specs) {
    describe(spec.rule, () => {
      const rule = rules.find((candidate) => candidate.name === spec.rule);
      it('belongs to a rule of its name', () => {
        assert.equal(name, `${spec.rule}.md`);
        assert.ok(rule, `no rule is named ${spec.rule}`);
      });
      if (!rule) return;
      for (const example of spec.cases) it(example.title, () => checkCase(rule, example));
    });
  }
});

describe('every rule', () => {
  for (const rule of rules) {
    it(`${rule.name} has a spec with at least two findings and three clean cases`, () => {
      const spec = specs.find((candidate) => candidate.spec.rule === rule.name)?.spec;
      assert.ok(spec, `test/lint/rules/${rule.name}.md is missing`);
      const clean = spec.cases.filter((example) => example.expected.length === 0);
      const titles = spec.cases.map((example) => example.title);
      assert.ok(
        spec.cases.length - clean.length >= 2,
        `found ${spec.cases.length - clean.length} cases with findings`,
      );
      assert.ok(clean.length >= 3, `found ${clean.length} clean cases`);
      assert.equal(new Set(titles).size, titles.length, 'titles are unique');
    });
    it(`${rule.name} says what, why, next and its sources`, () => {
      assert.match(rule.name, /^[a-z0-9]+(-[a-z0-9]+)+$/);
      for (const text of [rule.summary, rule.why, rule.next]) assert.match(text, /^[A-Z].*[.!]$/s);
      assert.ok(rule.sources.length > 0);
    });
  }
});
