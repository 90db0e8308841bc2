import { statSync } from 'node:fs';
import { modelFacts } from '../../onnx/modelFacts';
import { ModelError } from '../../onnx/modelError';
import type { OnnxModel } from '../../onnx/readOnnx';
import type { Message } from '../../protocol/message';
import { type ModelFile, openModel } from '../modelFile';
import { type ModelSession, openSession } from '../session/openSession';
import { type Answers, type Closeness, closeness, responds } from './closeness';
import { type Sample, generatedSamples } from './inputs';
import { measureLatency, percentile, speedup } from './latency';
import { type Outcome, outcomeOf, verdictOf } from './verdict';

export interface VerifyRequest {
  readonly a: string;
  readonly b: string;
  /** dist/worker.js, which holds the sessions. */
  readonly worker: string;
  /** Where samples come from; made from the signature when nothing is given. */
  readonly samples?: { readonly kind: 'text' | 'images' | 'saved'; readonly list: readonly Sample[] };
  readonly threads?: number;
  /** Told as samples are compared. */
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

export interface VerifyResult {
  readonly samples: number;
  readonly inputs: 'generated' | 'text' | 'images' | 'saved';
  readonly cosine: { readonly min: number; readonly mean: number };
  readonly maxAbs: number;
  readonly relativeError: number;
  /** null when the model chooses between nothing, or every choice was a tie. */
  readonly argmaxAgreement: number | null;
  readonly latencyMs: { readonly a: Percentiles; readonly b: Percentiles };
  readonly loadMs: { readonly a: number; readonly b: number };
  readonly rssBytes: { readonly a: number; readonly b: number };
  readonly bytes: { readonly a: number; readonly b: number };
  readonly outcome: Outcome;
  readonly verdict: Message;
}

export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
}

const generatedCount = 12;

/** Comparing stops here, so that a verdict on a BERT-sized model comes within 30 s; at least two samples are compared. */
const compareLimitMs = 6000;
const fewestSamples = 2;
const latencyLimitMs = 6000;

/** Runs both models on the same inputs, each in a process of its own. Throws a ModelError when either cannot run. */
export async function verifyModels(request: VerifyRequest): Promise<VerifyResult> {
  const { onProgress, signal } = request;
  const [a, b] = [readHeader(request.a), readHeader(request.b)];
  refuseOtherSignature(a.model, b.model, request.b);
  const sessions: ModelSession[] = [];
  try {
    for (const path of [request.a, request.b])
      sessions.push(await openSession(request.worker, path, request.threads ?? 1, signal));
    const [first, second] = sessions as [ModelSession, ModelSession];
    const list = request.samples?.list ?? [...generatedSamples(a.model, generatedCount)];
    const compared: Closeness[] = [];
    let earlier: Answers | undefined;
    let responsive = false;
    const end = performance.now() + compareLimitMs;
    for (const sample of list) {
      signal?.throwIfAborted();
      if (compared.length >= fewestSamples && performance.now() > end) break;
      const answers = (await first.run(sample)).outputs;
      compared.push(closeness(answers, (await second.run(sample)).outputs));
      responsive ||= earlier !== undefined && responds(earlier, answers);
      earlier = answers;
      onProgress?.(compared.length, list.length);
    }
    const latency = await measureLatency(first, second, list[0] ?? {}, latencyLimitMs, signal);
    const rows = compared.reduce((sum, sample) => sum + sample.rows, 0);
    const agreement =
      rows === 0 ? undefined : compared.reduce((sum, sample) => sum + sample.agreeing, 0) / rows;
    const cosines = compared.map(({ cosine }) => cosine);
    const bytes = { a: a.bytes, b: b.bytes };
    const relativeError = Math.max(...compared.map((sample) => sample.relativeError));
    const measured = {
      cosineMin: Math.min(...cosines),
      relativeError,
      agreement,
      responsive: responsive || compared.length < fewestSamples,
      bytes,
      speedup: speedup(latency),
    };
    return {
      samples: compared.length,
      inputs: request.samples?.kind ?? 'generated',
      cosine: {
        min: measured.cosineMin,
        mean: cosines.reduce((sum, cosine) => sum + cosine, 0) / cosines.length,
      },
      maxAbs: Math.max(...compared.map(({ maxAbs }) => maxAbs)),
      relativeError,
      argmaxAgreement: agreement ?? null,
      latencyMs: { a: percentiles(latency.a), b: percentiles(latency.b) },
      loadMs: { a: first.loadMs, b: second.loadMs },
      rssBytes: { a: await first.rssBytes(), b: await second.rssBytes() },
      bytes,
      outcome: outcomeOf(measured),
      verdict: verdictOf(measured),
    };
  } finally {
    for (const session of sessions) session.close();
  }
}

function percentiles(times: readonly number[]): Percentiles {
  return { p50: percentile(times, 0.5), p95: percentile(times, 0.95) };
}

function readHeader(path: string): { readonly model: OnnxModel; readonly bytes: number } {
  const file: ModelFile = openModel(path);
  file.close();
  return {
    model: file.model,
    bytes: [file.source, ...file.external.values()].reduce(
      (sum, source) => sum + statSync(source.path).size,
      0,
    ),
  };
}

function refuseOtherSignature(a: OnnxModel, b: OnnxModel, path: string): void {
  const names = (model: OnnxModel) => {
    const { inputs, outputs } = modelFacts(model);
    return JSON.stringify([inputs.map(({ name }) => name).sort(), outputs.map(({ name }) => name).sort()]);
  };
  if (names(a) === names(b)) return;
  throw new ModelError({
    code: 'signatures-differ',
    what: { template: '{file} takes other inputs or gives other outputs', with: { file: path } },
    why: { template: 'Only models with the same signature can be compared' },
    next: [{ template: 'Compare their signatures with: plimsoll model' }],
  });
}
