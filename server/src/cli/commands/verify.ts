import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { openModel } from '../../model/modelFile';
import { openTokenizer } from '../../model/text/openTokenizer';
import { savedSamples } from '../../model/verify/savedSamples';
import { textSamples } from '../../model/verify/textSamples';
import { type VerifyRequest, type VerifyResult, verifyModels } from '../../model/verify/verifyModels';
import { byteText } from '../../project/byteText';
import type { Command, ExitCode, Invocation } from '../command';
import { usageFailure } from '../failure';
import { orFailure, shown } from '../model/modelFailure';
import { floorOf, modelPaths } from '../model/modelPath';
import { clearProgress, progressOf } from '../model/progress';

export const command: Command = {
  name: 'verify',
  operands: 'A B',
  summary: 'Compare two models: their answers, speed, memory and size',
  flags: {
    inputs: { value: 'DIR', summary: 'Saved cases, as .json files of KServe v2 requests' },
    text: { value: 'FILE', summary: 'A text a line, through the tokenizer beside A' },
    floor: { value: 'COSINE', summary: 'Exit with 1 when an answer is less close than this' },
    threads: { value: 'N', summary: 'Threads of each model; default all cores' },
    progress: { summary: 'Tell progress also where no terminal is' },
    format: { value: 'FORMAT', summary: 'Shape of the report', choices: ['text', 'json'] },
  },
  run,
};

async function run(invocation: Invocation): Promise<ExitCode> {
  const { flags, operands } = invocation;
  const [a = '', b = ''] = modelPaths('verify', operands, 2);
  const floor = floorOf(flags.text('floor'));
  const tell = progressOf(invocation);
  const samples = await orFailure(() => samplesFor(a, invocation));
  const threads = threadsOf(flags.text('threads'));
  const result = await orFailure(() =>
    verifyModels({
      a,
      b,
      threads,
      worker: join(__dirname, '..', 'worker.js'),
      ...(samples ? { samples } : {}),
      onProgress: (done, total) =>
        tell({ template: 'Comparing answers: {done} of {total}', with: { done, total } }),
    }),
  );
  clearProgress(invocation);
  report(result, a, b, invocation);
  return floor !== undefined && result.cosine.min < floor ? 1 : 0;
}

async function samplesFor(model: string, { flags }: Invocation): Promise<VerifyRequest['samples']> {
  const folder = flags.text('inputs');
  const text = flags.text('text');
  if (folder !== undefined) return { kind: 'saved', list: savedSamples(resolve(folder)) };
  if (text === undefined) return undefined;
  const lines = readLines(resolve(text));
  const file = openModel(model);
  file.close();
  return { kind: 'text', list: textSamples(file.model, await openTokenizer(model), lines) };
}

function readLines(path: string): string[] {
  const wrong = (why: string) =>
    usageFailure(
      { template: 'Could not use {file} as text', with: { file: path } },
      { template: why },
      { template: 'Give a file with a text a line' },
    );
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw wrong('It cannot be read');
  }
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  if (lines.length === 0) throw wrong('It is empty');
  return lines;
}

function threadsOf(text: string | undefined): number {
  if (text === undefined) return availableParallelism();
  const threads = Number(text);
  if (Number.isInteger(threads) && threads >= 1 && threads <= 1024) return threads;
  throw usageFailure(
    { template: '--threads does not take {value}', with: { value: text } },
    { template: 'It is a count of cores' },
    { template: 'Try --threads 2' },
  );
}

function report(result: VerifyResult, a: string, b: string, { flags, terminal }: Invocation): void {
  const verdict = terminal.say(result.verdict);
  if (flags.text('format') === 'json') {
    const { argmaxAgreement, verdict: _message, ...rest } = result;
    terminal.out(
      `${JSON.stringify({ version: 1, ...rest, ...(argmaxAgreement === null ? {} : { argmaxAgreement }), verdict }, null, 2)}\n`,
    );
    return;
  }
  const width = Math.max(16, shown(a).length + 2);
  const row = (name: string, first: string, second: string) =>
    `  ${terminal.say({ template: name }).padEnd(14)}${first.padEnd(width)}${second}`;
  const ms = (value: number) => `${value.toFixed(value < 10 ? 2 : 0)} ms`;
  const { latencyMs, rssBytes, bytes, loadMs } = result;
  terminal.out(
    [
      verdict,
      `${' '.repeat(16)}${shown(a).padEnd(width)}${shown(b)}`,
      row('Size', byteText(bytes.a), byteText(bytes.b)),
      row('Latency p50', ms(latencyMs.a.p50), ms(latencyMs.b.p50)),
      row('Latency p95', ms(latencyMs.a.p95), ms(latencyMs.b.p95)),
      row('Load', ms(loadMs.a), ms(loadMs.b)),
      row('Peak memory', byteText(rssBytes.a), byteText(rssBytes.b)),
      terminal.say({
        template:
          'Answers to {samples} inputs ({inputs}): cosine {min} at least, {mean} on average; largest difference {most}',
        with: {
          samples: result.samples,
          inputs: result.inputs,
          min: result.cosine.min.toFixed(6),
          mean: result.cosine.mean.toFixed(6),
          most: result.maxAbs.toPrecision(3),
        },
      }),
      '',
    ].join('\n'),
  );
}
