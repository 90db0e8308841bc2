import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { models } from '../parts/models.mjs';
import { median, printTable, runInTurns } from './measure.mjs';

const rounds = 3;

/** Theirs, as its documentation shows it; ours computes the same scheme. */
const dynamic = `
import sys
from onnxruntime.quantization import QuantType, quantize_dynamic
quantize_dynamic(sys.argv[1], sys.argv[2], weight_type=QuantType.QInt8, per_channel=True)
`;

/** 8-bit dynamic quantization of a BERT-base-shaped model (438 MB): ours beside onnxruntime.quantization. */
export async function bench(root) {
  if (!models.ready()) {
    console.log("Installing onnxruntime's quantizers and models ...");
    await models.install();
  }
  const { python, bertScript } = models.places;
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-bench-'));
  try {
    const source = join(folder, 'bert.onnx');
    const made = spawnSync(python, [bertScript, source], { encoding: 'utf8' });
    if (!existsSync(source)) throw new Error(made.stderr);
    const script = join(folder, 'dynamic.py');
    writeFileSync(script, dynamic);
    const [ours, theirs] = [join(folder, 'ours.onnx'), join(folder, 'theirs.onnx')];
    const cli = join(root, 'dist/cli.js');
    const programs = [
      {
        name: 'plimsoll quantize --mode int8',
        command: process.execPath,
        args: [cli, 'quantize', source, '--out', ours, '--mode', 'int8', '--target', 'vnni'],
      },
      { name: 'onnxruntime.quantization', command: python, args: [script, source, theirs] },
    ];
    const runs = runInTurns(programs, rounds);
    const [mine, other] = programs.map(({ name }) => {
      const list = runs.get(name);
      if (list.some(({ status }) => status !== 0)) throw new Error(`${name} failed`);
      return {
        ms: median(list.map(({ ms }) => ms)),
        peakMb: Math.max(...list.map(({ peakMb }) => peakMb ?? 0)),
      };
    });
    const megabytes = (path) => statSync(path).size / 1e6;
    const cases = savedCases(join(folder, 'cases'));
    const [a, b] = [ours, theirs].map((path) => distance(cli, source, path, cases));
    printTable(
      `int8 of ${megabytes(source).toFixed(1)} MB, median of ${rounds} in turns`,
      ['', 'time ms', 'peak MB', 'result MB', 'least cosine', 'mean cosine', 'largest difference', 'samples'],
      [
        [
          'plimsoll',
          mine.ms,
          mine.peakMb,
          megabytes(ours).toFixed(2),
          a.cosine.min.toFixed(6),
          a.cosine.mean.toFixed(6),
          a.maxAbs.toFixed(4),
          a.samples,
        ],
        [
          'onnxruntime.quantization',
          other.ms,
          other.peakMb,
          megabytes(theirs).toFixed(2),
          b.cosine.min.toFixed(6),
          b.cosine.mean.toFixed(6),
          b.maxAbs.toFixed(4),
          b.samples,
        ],
        [
          'ratio',
          other.ms / mine.ms,
          other.peakMb / mine.peakMb,
          (megabytes(ours) / megabytes(theirs)).toFixed(4),
          '',
          '',
          '',
        ],
      ],
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The same few short texts for both, so that no time limit cuts one comparison shorter than the other. */
function savedCases(folder) {
  mkdirSync(folder);
  for (const seed of [1, 2, 3, 4]) {
    const ids = Array.from({ length: 24 }, (_, index) => 1000 + ((seed * 7919 + index * 104_729) % 20_000));
    const input = (name, data) => ({ name, shape: [1, data.length], datatype: 'INT64', data });
    const inputs = [
      input('input_ids', ids),
      input(
        'attention_mask',
        ids.map(() => 1),
      ),
      input(
        'token_type_ids',
        ids.map(() => 0),
      ),
    ];
    writeFileSync(join(folder, `${seed}.json`), JSON.stringify({ inputs }));
  }
  return folder;
}

function distance(cli, a, b, cases) {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [cli, 'verify', a, b, '--inputs', cases, '--format', 'json'],
    {
      encoding: 'utf8',
    },
  );
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout);
}
