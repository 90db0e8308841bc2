#!/usr/bin/env node
// `npm run check`: everything that is checked without running the product. Lists all that failed at the end.
import { spawn } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installDependencies } from './dependencies.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
installDependencies(root);
// It needs esbuild.
const { checkBudgets } = await import('./check/budgets.mjs');

const tool = (name, ...args) => command(join(root, 'node_modules/.bin', name), args);
const script = (name, ...args) => command(process.execPath, [join(root, 'scripts', name), ...args]);

const steps = {
  types: () => tool('tsc', '-b'),
  lint: () => tool('oxlint', '--type-aware'),
  format: () => tool('biome', 'format', '.'),
  'generated files': () => script('generate.mjs', '--check'),
  'unused code': () => tool('knip', '--no-progress'),
  'import table': () => script('test.mjs', '--only', 'test/architecture', '--no-build'),
  budgets,
};

/** Runs a program; resolves to {ok, output}. */
function command(program, args) {
  return new Promise((done) => {
    const child = spawn(program, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => done({ ok: false, output: error.message }));
    child.on('close', (code) => done({ ok: code === 0, output }));
  });
}

async function budgets() {
  try {
    const { lines, failures } = await checkBudgets(root);
    return { ok: failures.length === 0, output: failures.join('\n'), note: lines.join(', ') };
  } catch (error) {
    return { ok: false, output: String(error) };
  }
}

const failed = [];
for (const [name, run] of Object.entries(steps)) {
  const started = performance.now();
  const { ok, output, note = '' } = await run();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${name.padEnd(16)} ${ok ? 'ok    ' : 'FAILED'} ${seconds.padStart(5)} s  ${note}`);
  if (!ok) failed.push({ name, output });
}
for (const { name, output } of failed) console.log(`\n--- ${name}\n${output.trim()}`);
if (failed.length > 0)
  console.log(
    `\n${failed.length} of ${Object.keys(steps).length} checks failed: ${failed.map(({ name }) => name).join(', ')}`,
  );
process.exitCode = failed.length > 0 ? 1 : 0;
