import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { calibrate } from '../../model/quantize/calibrate';
import { findExclusions } from '../../model/quantize/findExclusions';
import { type Mode, type Target, modes, targets } from '../../model/quantize/mode';
import { type QuantizeRequest, type QuantizeResult, quantizeModel } from '../../model/quantize/quantizeModel';
import { generatedSamples } from '../../model/verify/inputs';
import { savedSamples } from '../../model/verify/savedSamples';
import type { Message } from '../../protocol/message';
import { openModel } from '../../model/modelFile';
import { byteText } from '../../project/byteText';
import type { Command, ExitCode, Invocation } from '../command';
import { usageFailure } from '../failure';
import { orFailure, shown } from '../model/modelFailure';
import { floorOf, modelPaths } from '../model/modelPath';
import { clearProgress, progressOf } from '../model/progress';

export const command: Command = {
  name: 'quantize',
  operands: 'MODEL --out FILE',
  summary: 'Write an ONNX model in a smaller form, without Python',
  flags: {
    mode: { value: 'MODE', summary: 'How to store and compute; default auto', choices: ['auto', ...modes] },
    out: { value: 'FILE', summary: 'The file to write; never the model itself' },
    target: {
      value: 'TARGET',
      summary: 'What the model will run on; default unknown',
      choices: [...targets],
    },
    floor: { value: 'COSINE', summary: 'Keep layers out until the answers are at least this close (0.999)' },
    exclude: { value: 'NAME', summary: 'Keep this node or weight out', repeatable: true },
    'reduce-range': { summary: 'Mode int8 with 7-bit weights, which no x86 CPU saturates' },
    asymmetric: { summary: 'Mode int4 with a zero point for each block' },
    calibrate: {
      value: 'DIR',
      summary: 'Saved cases that show mode qdq the ranges of values (KServe v2 .json)',
    },
    progress: { summary: 'Tell progress also where no terminal is' },
    format: { value: 'FORMAT', summary: 'Shape of the report', choices: ['text', 'json'] },
  },
  run,
};

/** Made-up samples to see ranges with, where none are given. */
const calibrationSamples = 8;

/** Samples for the exclusion search: few, as every trial answers all of them. */
const searchSamples = 3;

async function run(invocation: Invocation): Promise<ExitCode> {
  const { flags, terminal, operands } = invocation;
  const started = performance.now();
  const [model = ''] = modelPaths('quantize', operands, 1);
  const out = flags.text('out');
  if (out === undefined) {
    throw usageFailure(
      { template: 'Where should the result go?' },
      { template: 'quantize never writes over a model' },
      { template: 'Add --out FILE' },
    );
  }
  const tell = progressOf(invocation);
  const named: QuantizeRequest = {
    model,
    out: resolve(out),
    mode: (flags.text('mode') ?? 'auto') as Mode | 'auto',
    target: (flags.text('target') ?? 'unknown') as Target,
    exclude: flags.all('exclude'),
    reduceRange: flags.isSet('reduce-range'),
    asymmetric: flags.isSet('asymmetric'),
    onProgress: (written, total) =>
      tell({ template: 'Writing: {percent} %', with: { percent: Math.round((written / total) * 100) } }),
  };
  const floor = floorOf(flags.text('floor'));
  const request = named.mode === 'qdq' ? await orFailure(() => withRanges(named, invocation)) : named;
  const exclude =
    floor === undefined ? request.exclude : await orFailure(() => exclusionsFor(request, floor, invocation));
  if (exclude === undefined) {
    clearProgress(invocation);
    terminal.tell({
      code: 'floor-not-met',
      what: {
        template: 'No set of layers kept out brings the cosine to {floor}',
        with: { floor: floor ?? 0 },
      },
      why: { template: 'Nothing was written' },
      next: [{ template: 'Choose a lower floor, or --mode fp16-storage' }],
    });
    return 1;
  }
  const result = await orFailure(() => quantizeModel({ ...request, exclude }));
  clearProgress(invocation);
  report(result, request, performance.now() - started, invocation);
  return 0;
}

async function withRanges(request: QuantizeRequest, invocation: Invocation): Promise<QuantizeRequest> {
  const folder = invocation.flags.text('calibrate');
  const file = openModel(request.model);
  file.close();
  const tell = progressOf(invocation);
  const ranges = await calibrate({
    model: request.model,
    samples:
      folder === undefined
        ? [...generatedSamples(file.model, calibrationSamples)]
        : savedSamples(resolve(folder)),
    worker: join(__dirname, '..', 'worker.js'),
    threads: availableParallelism(),
    onStep: (done, total) => tell({ template: 'Calibrating: {done} of {total}', with: { done, total } }),
  });
  return { ...request, ranges };
}

async function exclusionsFor(
  request: QuantizeRequest,
  floor: number,
  invocation: Invocation,
): Promise<readonly string[] | undefined> {
  const file = openModel(request.model);
  file.close();
  const tell = progressOf(invocation);
  const found = await findExclusions({
    request,
    floor,
    samples: [...generatedSamples(file.model, searchSamples)],
    worker: join(__dirname, '..', 'worker.js'),
    threads: availableParallelism(),
    onStep: (done, total) => tell({ template: 'Measuring layers: {done} of {total}', with: { done, total } }),
  });
  return found && [...request.exclude, ...found.names];
}

function report(
  result: QuantizeResult,
  request: QuantizeRequest,
  durationMs: number,
  { flags, terminal }: Invocation,
): void {
  const guessed = result.mode === 'qdq' && flags.text('calibrate') === undefined;
  const notes: readonly Message[] = guessed
    ? [{ template: 'The ranges come from made-up inputs; give real ones with --calibrate' }]
    : [];
  const why = [...result.why, ...notes].map((message) => terminal.say(message));
  if (flags.text('format') === 'json') {
    const json = {
      version: 1,
      source: shown(request.model),
      output: shown(request.out),
      mode: result.mode,
      why: why.join('. '),
      bytesBefore: result.bytesBefore,
      bytesAfter: result.bytesAfter,
      durationMs: Math.round(durationMs),
      tensors: result.tensors,
      excluded: result.excluded,
    };
    terminal.out(`${JSON.stringify(json, null, 2)}\n`);
    return;
  }
  const lines = [
    terminal.say({
      template: '{output}: {after}, {percent} % of {before} ({mode}, {count} weights)',
      with: {
        output: shown(request.out),
        after: byteText(result.bytesAfter),
        before: byteText(result.bytesBefore),
        percent: ((result.bytesAfter / result.bytesBefore) * 100).toFixed(0),
        mode: result.mode,
        count: result.tensors.length,
      },
    }),
    ...why,
    ...(result.excluded.length > 0
      ? [terminal.say({ template: 'Kept out: {names}', with: { names: result.excluded.join(', ') } })]
      : []),
    terminal.say({
      template: 'Compare the answers with: plimsoll verify {source} {output}',
      with: { source: shown(request.model), output: shown(request.out) },
    }),
  ];
  terminal.out(`${lines.join('\n')}\n`);
}
