#!/usr/bin/env node
// `npm test`: installs, builds, runs every test this machine can run, and says what it skipped.
import { mkdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, styleText } from 'node:util';
import { installDependencies } from './dependencies.mjs';
import { findSuites } from './test/suites.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    name: { type: 'string' },
    'no-skip': { type: 'boolean', default: process.env.PLIMSOLL_NO_SKIP === '1' },
    'no-build': { type: 'boolean', default: false },
    parts: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (options.help) {
  console.log(`npm test -- [options]
  --only TEXT   only test files whose path contains TEXT
  --name TEXT   only tests whose title contains TEXT (a regular expression)
  --no-skip     a missing part or a skipped test is a failure (also PLIMSOLL_NO_SKIP=1)
  --no-build    use dist/ as it is
  --parts       list the real parts that suites need, and their state
  --verbose     every test, and what the suites print`);
  process.exit(0);
}

installDependencies(root);
// Everything below needs the dependencies.
const { compileSuite } = await import('./test/compile.mjs');
const { runEntry } = await import('./test/runEntry.mjs');
const { partStates } = await import('./parts/states.mjs');

const colour = (name, text) => (process.stdout.isTTY && !process.env.NO_COLOR ? styleText(name, text) : text);
const suites = findSuites(root, options.only);
const states = await partStates(options.parts ? undefined : suites.flatMap(({ parts }) => parts));

if (options.parts) {
  for (const { name, ok, what, next } of states.values()) {
    console.log(
      `${ok ? 'ready  ' : 'missing'}  ${name.padEnd(14)}  ${what}${ok ? '' : `\n         ${' '.repeat(11)}${next}`}`,
    );
  }
  process.exit(0);
}

const out = join(root, '.build', `test-${process.pid}`);
mkdirSync(out, { recursive: true });
process.on('exit', () => rmSync(out, { recursive: true, force: true }));

const total = { passed: 0, failed: 0, skipped: 0 };
const notRun = [];

function count(suite, tests, output, seconds) {
  const skips = tests.filter((test) => test.skip !== undefined);
  const ran = tests.filter((test) => test.skip === undefined);
  const failures = [
    ...ran.filter((test) => !test.ok),
    ...(options['no-skip'] ? skips.map((test) => ({ ...test, error: `skipped: ${test.skip}` })) : []),
  ];
  const passed = ran.filter((test) => test.ok);
  for (const test of failures)
    console.log(`${colour('red', 'FAIL')} ${suite}: ${test.title}\n${indent(test.error ?? '')}`);
  if (options.verbose) {
    for (const test of passed) console.log(`  ok   ${test.title} (${test.ms.toFixed(0)} ms)`);
    if (output) console.log(indent(output));
  } else if (failures.length > 0 && output && !failures.some((test) => test.error?.includes(output))) {
    console.log(`${suite} printed:\n${indent(output)}`);
  }
  if (!options['no-skip']) for (const test of skips) notRun.push(`${suite}: ${test.title}: ${test.skip}`);
  total.passed += passed.length;
  total.failed += failures.length;
  total.skipped += options['no-skip'] ? 0 : skips.length;
  const verdict = failures.length > 0 ? colour('red', `${failures.length} failed`) : colour('green', 'ok');
  console.log(
    `${suite.padEnd(28)} ${String(passed.length).padStart(5)} passed  ${verdict}  ${seconds.toFixed(1)} s`,
  );
}

function indent(text) {
  return text.replace(/^(?=.)/gm, '    ');
}

const env = {
  ...process.env,
  NODE_ENV: 'test',
  // Messages are compared in English unless a test asks for another language.
  LC_ALL: 'C.UTF-8',
  PLIMSOLL_PARTS: JSON.stringify(Object.fromEntries([...states].map(([name, { places }]) => [name, places]))),
};
delete env.NODE_OPTIONS;

async function run(name, files, { limitSeconds }) {
  const started = performance.now();
  const entry = join(out, `${name.replaceAll('/', '-')}.cjs`);
  const { compiled, broken } = await compileSuite(root, files, entry);
  const failed = broken.map(({ file, error }) => ({ title: `${file} compiles`, ok: false, ms: 0, error }));
  const pattern = options.name;
  const { tests, output } =
    compiled.length > 0
      ? await runEntry({ entry, root, env, limitSeconds, pattern })
      : { tests: [], output: '' };
  count(name, [...failed, ...tests], output, (performance.now() - started) / 1000);
}

async function inParallel(jobs, width) {
  const queue = [...jobs];
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (let job = queue.shift(); job !== undefined; job = queue.shift()) await job();
    }),
  );
}

if (suites.length === 0) {
  console.error(`plimsoll: no test file has "${options.only}" in its path.`);
  process.exit(2);
}

if (!options['no-build']) {
  const { buildAll } = await import('./build.mjs');
  try {
    await buildAll();
  } catch (error) {
    count('build', [{ title: 'dist/ is built', ok: false, ms: 0, error: String(error) }], '', 0);
  }
}

const jobs = { together: [], alone: [] };
for (const suite of suites) {
  const missing = suite.parts.map((part) => states.get(part)).filter(({ ok }) => !ok);
  if (missing.length > 0) {
    const reasons = missing.map(({ what, next }) => `${what} is missing. ${next}`);
    if (options['no-skip'])
      count(
        suite.name,
        [{ title: 'its parts are here', ok: false, ms: 0, error: reasons.join('\n') }],
        '',
        0,
      );
    else notRun.push(`${suite.name} (${suite.files.length} files): ${reasons.join(' ')}`);
    total.skipped += options['no-skip'] ? 0 : suite.files.length;
  } else if (suite.alone) {
    for (const file of suite.files)
      jobs.alone.push(() => run(file.replace(/^test\/|\.test\.ts$/g, ''), [file], suite));
  } else {
    jobs.together.push(() => run(suite.name, suite.files, suite));
  }
}
await inParallel(jobs.together, Math.min(4, availableParallelism()));
await inParallel(jobs.alone, 1);

if (notRun.length > 0)
  console.log(`\n${total.skipped} skipped:\n${notRun.map((line) => `  ${line}`).join('\n')}`);
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
