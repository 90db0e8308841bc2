import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeScratch } from './removeScratch.mjs';

const reporter = new URL('./reporter.mjs', import.meta.url).href;
const outputLines = 200;

/** Marks of running suites, so that Ctrl-C ends what they started. */
const running = new Set();
process.on('exit', () => running.forEach(endMarked));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));

/**
 * Ends every process that a suite started, also those in groups of their own (editors, engines): each inherited
 * the suite's mark in its environment. Elsewhere than on Linux only the suite's own group is ended.
 * Then removes the suite's scratch folder.
 */
function endMarked({ pid, mark, scratch }) {
  end(-pid);
  if (process.platform === 'linux') endInheritors(mark);
  removeScratch(scratch);
}

function endInheritors(mark) {
  for (const entry of readdirSync('/proc')) {
    if (/^\d+$/.test(entry) && environmentOf(entry).includes(`PLIMSOLL_RUN=${mark}`)) end(Number(entry));
  }
}

function environmentOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return '';
  }
}

function end(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** Runs one compiled entry in a process of its own. Results are tests as reporter.mjs writes them. */
export async function runEntry({ entry, root, env, limitSeconds, pattern }) {
  const results = entry.replace(/\.cjs$/, '.jsonl');
  const flags = [
    '--enable-source-maps',
    `--test-reporter=${reporter}`,
    `--test-reporter-destination=${results}`,
    ...(pattern ? [`--test-name-pattern=${pattern}`] : []),
  ];
  const mark = randomUUID().slice(0, 8);
  // Short, because sockets below it have at most 107 characters in their paths.
  const scratch = join(tmpdir(), `plimsoll-${mark}`);
  mkdirSync(scratch);
  const child = spawn(process.execPath, [...flags, entry], {
    cwd: root,
    env: { ...env, PLIMSOLL_RUN: mark, TMPDIR: scratch },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const suite = { pid: child.pid, mark, scratch };
  running.add(suite);
  let output = '';
  const keep = (chunk) => {
    output = (output + chunk).slice(-100_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  let late = false;
  const limit = setTimeout(() => {
    late = true;
    endMarked(suite);
  }, limitSeconds * 1000);
  const { code, signal } = await new Promise((done) => {
    child.on('close', (code, signal) => done({ code, signal }));
    // A grandchild that keeps the pipes open must not keep the run open.
    child.on('exit', (code, signal) => setTimeout(done, 2000, { code, signal }).unref());
  });
  clearTimeout(limit);
  endMarked(suite);
  running.delete(suite);

  const tests = existsSync(results)
    ? readFileSync(results, 'utf8').split('\n').filter(Boolean).map(parseLine)
    : [];
  const tail = output.split('\n').slice(-outputLines).join('\n').trim();
  const failure = processFailure({ late, limitSeconds, code, signal, tests });
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

function processFailure({ late, limitSeconds, code, signal, tests }) {
  if (late)
    return `It was ended after ${limitSeconds} s. Something keeps it waiting: a test, a timer, a server or a child.`;
  if (signal) return `It was killed by ${signal}.`;
  if (tests.length === 0) return `It ended with code ${code} and ran no test.`;
  if (code !== 0 && tests.every(({ ok }) => ok)) return `It ended with code ${code} although no test failed.`;
  return undefined;
}
