import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { buildAll } from '../build.mjs';
import { packageAll } from '../package.mjs';

const budgets = { eagerClientBytes: 60_000, universalVsixBytes: 3_000_000 };

/** Files of dist/ that are loaded when the extension is activated, before anything is imported late. */
function eagerFiles(root) {
  const { outputs } = JSON.parse(readFileSync(join(root, '.build/meta/client.json'), 'utf8'));
  const seen = new Set();
  const queue = ['dist/extension.js'];
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    for (const { path, kind, external } of outputs[file].imports) {
      if (kind === 'import-statement' && !external) queue.push(path);
    }
  }
  return [...seen];
}

/** Builds, measures, and returns {lines, failures}: what was measured, and each budget that is not met. */
export async function checkBudgets(root) {
  await buildAll();
  const eager = eagerFiles(root).map((file) => ({ file, bytes: statSync(join(root, file)).size }));
  const eagerBytes = eager.reduce((sum, { bytes }) => sum + bytes, 0);
  mkdirSync(join(root, '.build'), { recursive: true });
  const out = mkdtempSync(join(root, '.build/budget-'));
  try {
    const { universal } = await packageAll(out);
    const vsixBytes = statSync(universal).size;
    const measured = [
      ['eager client code', eagerBytes, budgets.eagerClientBytes],
      [basename(universal), vsixBytes, budgets.universalVsixBytes],
    ];
    const lines = measured.map(
      ([what, bytes, budget]) => `${what}: ${kilobytes(bytes)} of ${kilobytes(budget)}`,
    );
    return { lines, failures: lines.filter((_, index) => measured[index][1] > measured[index][2]) };
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(0)} kB`;
}
