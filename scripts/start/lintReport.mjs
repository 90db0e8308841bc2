import { spawnSync } from 'node:child_process';
import { join, relative } from 'node:path';
import { styleText } from 'node:util';

const colours = { error: 'red', warning: 'yellow', info: 'blue', hint: 'gray' };
const order = Object.keys(colours);
/** More would push the two reports out of one screen. */
const shownFindings = 12;

const isTerminal = process.stdout.isTTY && !process.env.NO_COLOR;
const colour = (name, text) => (isTerminal ? styleText(name, text) : text);

/** Prints what our own command line finds in a folder. Throws when it cannot read the folder. */
export function printLintReport(root, folder, title) {
  const started = performance.now();
  const command = [join(root, 'dist/cli.js'), 'lint', folder, '--format', 'json', '--fail-on', 'never'];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(stderr.trim() || `plimsoll lint ended with ${status}.`);
  const { findings, summary } = JSON.parse(stdout);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);

  console.log(`\n${colour('bold', title)}  ${colour('gray', shortPath(root, folder))}`);
  const sorted = [...findings].sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
  const width = Math.max(0, ...sorted.slice(0, shownFindings).map((finding) => placeOf(finding).length));
  for (const finding of sorted.slice(0, shownFindings)) console.log(`  ${line(finding, width)}`);
  if (findings.length > shownFindings)
    console.log(colour('gray', `  and ${findings.length - shownFindings} more`));
  const { errors, warnings, infos, files } = summary;
  const counts = `${errors} errors, ${warnings} warnings, ${infos} infos in ${files} files, ${seconds} s`;
  console.log(
    `  ${findings.length === 0 ? colour('green', `Nothing to report. ${counts}`) : colour('bold', counts)}`,
  );
}

function line(finding, width) {
  const severity = colour(colours[finding.severity], finding.severity.padEnd(7));
  const text = `${finding.message}  ${finding.rule}`;
  const room = (isTerminal ? (process.stdout.columns ?? 120) : 1000) - width - 14;
  return `${placeOf(finding).padEnd(width)}  ${severity}  ${text.length > room ? `${finding.message.slice(0, room - 1)}…` : text}`;
}

function placeOf({ file, range }) {
  return `${file}:${range.start.line}`;
}

function shortPath(root, folder) {
  const path = relative(root, folder);
  return path.startsWith('..') ? folder : path || '.';
}
