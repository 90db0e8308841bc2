import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { lintFiles } from '../../server/src/lint/lint';
import { defaultSettings } from '../../server/src/lint/settings';
import { SourceText } from '../../server/src/project/sourceText';
import { memoryProject } from '../support/memoryTree';
import { readRuleSpec } from '../support/ruleSpec';
import { mutated, seeded } from './mutations';

/** `PLIMSOLL_FUZZ_RUNS=200000 npm test -- --only test/fuzz` is the long run; each run mutates one project. */
const runs = Number(process.env['PLIMSOLL_FUZZ_RUNS'] ?? 1500);
const firstSeed = Number(process.env['PLIMSOLL_FUZZ_SEED'] ?? 20261122);
/** The promise is one second; a machine under load is given slack, a hang takes for ever. */
const hangMs = 5000;

const lockFiles: Readonly<Record<string, string>> = {
  'pyproject.toml':
    '[project]\nname = "a"\ndependencies = ["torch==2.7.0", "numpy>=1.26 ; python_version < \'3.13\'"]\n[tool.uv.sources]\ntorch = { index = "cpu" }\n[[tool.uv.index]]\nname = "cpu"\nurl = "https://download.pytorch.org/whl/cpu"\n',
  'uv.lock':
    'version = 1\n\n[[package]]\nname = "torch"\nversion = "2.7.0"\nsource = { registry = "https://pypi.org/simple" }\ndependencies = [{ name = "numpy" }]\nwheels = [\n  { url = "https://x/torch-2.7.0-cp312-cp312-manylinux_2_28_x86_64.whl", hash = "sha256:aa", size = 821000000 },\n]\n',
  'poetry.lock':
    '[[package]]\nname = "numpy"\nversion = "1.26.4"\nfiles = [\n  {file = "numpy.whl", hash = "sha256:bb"},\n]\n',
  'environment.yml':
    'name: a\nchannels: [conda-forge]\ndependencies:\n  - python=3.12\n  - pip:\n    - torch==2.7.0\n',
  'compose.yaml':
    'services:\n  api:\n    build: { context: ., dockerfile: Dockerfile }\n    ports: ["8080:8080"]\n',
  '.dockerignore': '*\n!app\n**/*.pyc\n',
  'docker-bake.hcl': 'target "api" {\n  context = "."\n  args = { A = "b" }\n}\n',
  Makefile: 'build:\n\tdocker build -t x -f Dockerfile .\n',
};

const folder = join(process.cwd(), 'test/lint/rules');
const seeds = readdirSync(folder)
  .filter((name) => name.endsWith('.md'))
  .flatMap((name) => readRuleSpec(readFileSync(join(folder, name), 'utf8')).cases)
  .map(({ files }) => ({ ...lockFiles, ...files }));

it(`${runs} mutated projects: no rule breaks, nothing hangs, every range lies inside its file`, () => {
  for (let run = 0; run < runs; run++) {
    const random = seeded(firstSeed + run);
    const seed = seeds[Math.floor(random() * seeds.length)] ?? {};
    const files = Object.fromEntries(
      Object.entries(seed).map(([path, file]) => [
        path,
        typeof file === 'string' && random() < 0.6 ? mutated(file, random) : file,
      ]),
    );
    const told = `seed ${firstSeed + run}`;
    const started = performance.now();
    const found = lintFiles(memoryProject(files), { ...defaultSettings, profile: 'strict' });
    assert.ok(
      performance.now() - started < hangMs,
      `${told}: took ${Math.round(performance.now() - started)} ms`,
    );
    for (const { file, findings, failures } of found) {
      assert.deepEqual(failures, [], `${told}: ${file}`);
      for (const { range, rule, fix } of findings) {
        const edits = fix?.edits ?? [];
        const places = [{ file, range }, ...edits];
        for (const place of places)
          assertInside(place.file, place.range, files[place.file], `${told}: ${rule}`);
      }
    }
  }
});

function assertInside(
  path: string,
  range: { start: { line: number; column: number }; end: { line: number; column: number } },
  text: unknown,
  told: string,
): void {
  assert.ok(typeof text === 'string', `${told}: ${path} is a text`);
  const source = new SourceText(path, text);
  const start = source.offsetAt(range.start);
  const end = source.offsetAt(range.end);
  assert.deepEqual(source.positionAt(start), range.start, `${told}: start`);
  assert.deepEqual(source.positionAt(end), range.end, `${told}: end`);
  assert.ok(start <= end, `${told}: start before end`);
}
