import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { it } from 'node:test';
import { readProjectFolder } from '../../server/src/disk/readProjectFolder';
import { lintFiles } from '../../server/src/lint/lint';
import { defaultSettings } from '../../server/src/lint/settings';
import { SourceText } from '../../server/src/project/sourceText';
import type { Finding } from '../../server/src/protocol/finding';

interface Defect {
  readonly id: number;
  readonly file: string;
  readonly line: number;
  readonly text: string;
  readonly rule: string | null;
  readonly part: 1 | 3 | 5 | 'docs-only';
}

/** The list was written before the rules; parts 5 and docs-only are not lint's matter yet. */
const defects = (
  JSON.parse(readFileSync(resolve('test/example/defects.json'), 'utf8')) as readonly Defect[]
).filter(({ part }) => part === 1 || part === 3);

function findingsOf(folder: string): readonly Finding[] {
  const { project, problems } = readProjectFolder(resolve(folder));
  assert.deepEqual(problems, []);
  const files = lintFiles(project, defaultSettings);
  for (const { failures } of files) assert.deepEqual(failures, []);
  return files.flatMap(({ findings }) => findings);
}

/** The finding stands on the defect's line and touches its word. */
function isAbout(finding: Finding, defect: Defect, source: SourceText): boolean {
  if (finding.rule !== defect.rule || finding.file !== defect.file) return false;
  const line = source.lineSpan(defect.line);
  const start = source.offsetAt(finding.range.start);
  const end = source.offsetAt(finding.range.end);
  for (
    let at = source.text.indexOf(defect.text, line.start);
    at !== -1 && at < line.end;
    at = source.text.indexOf(defect.text, at + 1)
  ) {
    if (start < at + defect.text.length && end > at) return true;
  }
  return false;
}

it('every defect of the as-found example is caught by name and place, and nothing else is reported', () => {
  const folder = 'examples/text-classification-as-found';
  const findings = findingsOf(folder);
  const sourceOf = (file: string): SourceText =>
    new SourceText(file, readFileSync(resolve(folder, file), 'utf8'));
  const missed = defects.filter(
    (defect) => !findings.some((finding) => isAbout(finding, defect, sourceOf(defect.file))),
  );
  const unlisted = findings.filter(
    (finding) => !defects.some((defect) => isAbout(finding, defect, sourceOf(finding.file))),
  );
  assert.deepEqual(
    {
      missed: missed.map(({ id, file, line, text, rule }) => `${id} ${file}:${line} ${rule} ${text}`),
      unlisted: unlisted.map(
        ({ file, range, rule }) => `${file}:${range.start.line}:${range.start.column} ${rule}`,
      ),
    },
    { missed: [], unlisted: [] },
  );
});

it('the repaired example has no finding in recommended, without a comment or a configuration', () => {
  assert.deepEqual(findingsOf('examples/text-classification'), []);
});
