import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const reporter = new URL('./reporter.mjs', import.meta.url).href;
const outputLines = 200;

/** Process groups of running suites, so that Ctrl-C ends what they started. */
const running = new Set();
process.on('exit', () => running.forEach(endGroup));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));

function endGroup(pid) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group has ended by itself.
  }
}

/** Runs one compiled entry in a process of its own. Results are tests as reporter.mjs writes them. */
export async function runEntry({ entry, root, env, limitSeconds, pattern, timeoutSeconds = limitSeconds }) {
  const results = entry.replace(/\.cjs$/, '.jsonl');
  const flags = [
    '--enable-source-maps',
    `--test-reporter=${reporter}`,
    `--test-reporter-destination=${results}`,
    ...(pattern ? [`--test-name-pattern=${pattern}`] : []),
  ];
  const child = spawn(process.execPath, [...flags, entry], {
    cwd: root,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child.pid);
  let output = '';
  const keep = (chunk) => {
    output = (output + chunk).slice(-100_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  let late = false;
  const limit = setTimeout(() => {
    late = true;
    endGroup(child.pid);
  }, timeoutSeconds * 1000);
  const { code, signal } = await new Promise((done) => {
    child.on('close', (code, signal) => done({ code, signal }));
    // A grandchild that keeps the pipes open must not keep the run open.
    child.on('exit', (code, signal) => setTimeout(done, 2000, { code, signal }).unref());
  });
  clearTimeout(limit);
  endGroup(child.pid);
  running.delete(child.pid);

  const tests = existsSync(results)
    ? readFileSync(results, 'utf8').split('\n').filter(Boolean).map(parseLine)
    : [];
  const tail = output.split('\n').slice(-outputLines).join('\n').trim();
  const failure = processFailure({ late, timeoutSeconds, code, signal, tests });
  if (failure)
    tests.push({ title: 'the suite ends by itself', ok: false, ms: 0, error: `${failure}\n${tail}` });
  return { tests, output: tail };
}

/** A line cut short by a kill counts as a failure of its own. */
function parseLine(line) {
  try {
    return JSON.parse(line);
  } catch {
    return { title: 'a test was cut short', ok: false, ms: 0, error: line };
  }
}

function processFailure({ late, timeoutSeconds, code, signal, tests }) {
  if (late)
    return `It was ended after ${timeoutSeconds} s. Something keeps it waiting: a test, a timer, a server or a child.`;
  if (signal) return `It was killed by ${signal}.`;
  if (tests.length === 0) return `It ended with code ${code} and ran no test.`;
  if (code !== 0 && tests.every(({ ok }) => ok)) return `It ended with code ${code} although no test failed.`;
  return undefined;
}
