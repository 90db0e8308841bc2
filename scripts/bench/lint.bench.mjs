import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { peers } from '../parts/peers.mjs';
import { dockerfileOf } from './dockerfiles.mjs';
import { openServer } from './lspClient.mjs';
import { median, percentile, printTable, runInTurns } from './measure.mjs';

const coldRuns = 15;
const edits = 120;
/** The peers take a minute each. */
const manyRuns = 1;

/** Cold command, keystroke to findings, many files, memory and sizes: ours beside tally, hadolint and rcjsuen's server. */
export async function bench(root) {
  if (!peers.ready()) {
    console.log('Installing the peers ...');
    await peers.install();
  }
  const { tally, hadolint, dockerLanguageServer } = peers.places;
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-bench-'));
  try {
    cold(root, folder, { tally, hadolint });
    manyFiles(root, folder, { tally, hadolint });
    await keystrokes(root, folder, { tally, dockerLanguageServer });
    sizes(root);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function cold(root, folder, { tally, hadolint }) {
  const place = join(folder, 'one');
  mkdirSync(place);
  writeFileSync(join(place, 'Dockerfile'), dockerfileOf(12));
  const options = { cwd: place };
  const runs = runInTurns(
    [
      { name: 'node, empty', command: process.execPath, args: ['-e', '0'], options },
      {
        name: 'plimsoll',
        command: process.execPath,
        args: [join(root, 'dist/cli.js'), 'lint', 'Dockerfile'],
        options,
      },
      { name: 'tally', command: tally, args: ['lint', '--slow-checks=off', 'Dockerfile'], options },
      { name: 'hadolint', command: hadolint, args: ['Dockerfile'], options },
    ],
    coldRuns,
  );
  const empty = median(runs.get('node, empty').map(({ ms }) => ms));
  printTable(
    `Cold command, one file of 12 lines, median of ${coldRuns}`,
    ['', 'ms', 'ms above empty node', 'peak MB'],
    [...runs].map(([name, own]) => [
      name,
      median(own.map(({ ms }) => ms)),
      median(own.map(({ ms }) => ms)) - empty,
      median(own.map(({ peakMb }) => peakMb)),
    ]),
  );
}

function manyFiles(root, folder, { tally, hadolint }) {
  const place = join(folder, 'many');
  const names = [];
  for (let n = 0; n < 300; n++) {
    mkdirSync(join(place, `svc${n}`), { recursive: true });
    writeFileSync(join(place, `svc${n}/Dockerfile`), dockerfileOf(12 + (n % 60), n));
    names.push(`svc${n}/Dockerfile`);
  }
  const options = { cwd: place };
  const runs = runInTurns(
    [
      {
        name: 'plimsoll',
        command: process.execPath,
        args: [join(root, 'dist/cli.js'), 'lint', '.', '--format', 'json'],
        options,
      },
      {
        name: 'tally',
        command: tally,
        args: ['lint', '--slow-checks=off', '--format', 'json', ...names],
        options,
      },
      { name: 'hadolint', command: hadolint, args: ['-f', 'json', ...names], options },
    ],
    manyRuns,
  );
  const ours = median(runs.get('plimsoll').map(({ ms }) => ms));
  printTable(
    `300 distinct files, ${manyRuns} warm run`,
    ['', 'ms', 'times ours', 'peak MB', 'findings'],
    [...runs].map(([name, own]) => [
      name,
      median(own.map(({ ms }) => ms)),
      median(own.map(({ ms }) => ms)) / ours,
      median(own.map(({ peakMb }) => peakMb)),
      countFindings(own[0].stdout),
    ]),
  );
}

function countFindings(json) {
  try {
    const value = JSON.parse(json);
    if (Array.isArray(value)) return String(value.length);
    return String((value.findings ?? value.files?.flatMap((file) => file.violations ?? []) ?? []).length);
  } catch {
    return null;
  }
}

async function keystrokes(root, folder, { tally, dockerLanguageServer }) {
  const rows = [];
  for (const lines of [12, 100, 900]) {
    const text = dockerfileOf(lines);
    const place = join(folder, `edit${lines}`);
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'Dockerfile'), text);
    const servers = [
      {
        name: 'plimsoll',
        command: process.execPath,
        args: [join(root, 'dist/cli.js'), 'lsp', '--stdio'],
        pull: true,
      },
      { name: 'tally', command: tally, args: ['lsp', '--stdio'], pull: false },
      {
        name: 'dockerfile-language-server',
        command: process.execPath,
        args: [dockerLanguageServer, '--stdio'],
        pull: false,
      },
    ];
    for (const server of servers) rows.push([lines, server.name, ...(await typed(server, place, text))]);
  }
  printTable(
    `Keystroke to findings through the server, ${edits} edits`,
    ['lines', '', 'p50 ms', 'p95 ms', 'memory MB'],
    rows.map(([lines, ...row]) => [String(lines), ...row]),
  );
}

async function typed(server, place, text) {
  const limit = new Promise((resolve) => setTimeout(resolve, 60_000, undefined).unref());
  const run = async () => {
    const open = await openServer(server, place, text);
    try {
      const line = text.split('\n').findLastIndex((candidate) => candidate.startsWith('EXPOSE'));
      const at = { line, character: text.split('\n')[line].length };
      const times = [];
      for (let n = 0; n < edits; n++) {
        times.push(
          n % 2 === 0
            ? await open.edit({ start: at, end: at }, '1')
            : await open.edit({ start: at, end: { line, character: at.character + 1 } }, ''),
        );
      }
      const warm = times.slice(20);
      const memory = existsSync(`/proc/${open.pid}/status`)
        ? Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${open.pid}/status`, 'utf8'))?.[1]) / 1024
        : null;
      return [percentile(warm, 0.5), percentile(warm, 0.95), memory];
    } finally {
      open.close();
    }
  };
  return (await Promise.race([run(), limit])) ?? ['no answer in 60 s', null, null];
}

function sizes(root) {
  const eager = statSync(join(root, 'dist/extension.js')).size;
  const vsix = readdirSync(root).filter((name) => name.endsWith('.vsix'));
  printTable(
    'Sizes',
    ['', 'kB', 'budget'],
    [
      ['client code read at activation', eager / 1e3, '60'],
      ...vsix.map((name) => [name, statSync(join(root, name)).size / 1e3, '3000']),
    ],
  );
}
