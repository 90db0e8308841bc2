import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const gnuTime = '/usr/bin/time';

/** Runs a program once: wall time in ms, and its peak memory in MB where GNU time is there. */
function runOnce(command, args, options = {}) {
  const timed = existsSync(gnuTime) ? [gnuTime, ['-f', 'peak=%M', command, ...args]] : [command, args];
  const started = performance.now();
  const { status, stdout, stderr, error } = spawnSync(...timed, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    ...options,
  });
  const ms = performance.now() - started;
  if (error) throw error;
  const peak = /peak=(\d+)\s*$/.exec(stderr ?? '')?.[1];
  return { ms, peakMb: peak === undefined ? null : Number(peak) / 1024, status, stdout };
}

/** Runs several programs in turns, so that noise of the machine hits all alike. Answers a map of name to runs. */
export function runInTurns(programs, times) {
  const runs = new Map(programs.map(({ name }) => [name, []]));
  for (let round = -1; round < times; round++) {
    for (const { name, command, args, options } of programs) {
      const run = runOnce(command, args, options);
      // The first round only warms the disk's cache.
      if (round >= 0) runs.get(name).push(run);
    }
  }
  return runs;
}

export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

export const median = (values) => percentile(values, 0.5);

/** Prints rows as a Markdown table. */
export function printTable(title, header, rows) {
  const text = (cell) =>
    cell === null || cell === undefined
      ? '-'
      : typeof cell === 'number'
        ? cell < 10
          ? cell.toFixed(1)
          : cell.toFixed(0)
        : cell;
  console.log(`\n### ${title}\n`);
  console.log(`| ${header.join(' | ')} |\n|${header.map(() => '---').join('|')}|`);
  for (const row of rows) console.log(`| ${row.map(text).join(' | ')} |`);
}
