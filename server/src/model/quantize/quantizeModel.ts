import { statSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { ModelError } from '../../onnx/modelError';
import type { Message } from '../../protocol/message';
import { type ModelFile, openModel } from '../modelFile';
import { writeModel } from '../writeModel';
import { storeBlocks } from './blockMatMul';
import { DynamicMatMuls } from './dynamicMatMul';
import { embedByRow, embedWhole } from './embeddings';
import { computeInHalves } from './halfCompute';
import type { Seen } from './calibrate';
import { type Mode, type Target, recommendedMode } from './mode';
import { storeHalf, storeInt8 } from './restoredWeights';
import { Rewrite, type TensorChange } from './rewrite';
import { type Role, roleOf } from './role';
import { type Scheme, reducedWeights, signedWeights, unsignedActivations, unsignedWeights } from './scheme';
import { quantizeLayers } from './staticLayers';
import { type Weight, findWeights } from './weights';

export interface QuantizeRequest {
  readonly model: string;
  readonly out: string;
  readonly mode: Mode | 'auto';
  readonly target: Target;
  /** Mode int8 with 7-bit weights: safe from saturation on every CPU, at about 1.5 times the error. */
  readonly reduceRange?: boolean;
  /** Mode int4 with a zero point for each block: a little closer, a little larger. */
  readonly asymmetric?: boolean;
  /** Names of nodes or weights to keep out; their weights are stored as halves. */
  readonly exclude: readonly string[];
  /** Only these weights change; the others stay as they are. For finding out what each costs. */
  readonly only?: ReadonlySet<string>;
  /** Ranges of values, which mode qdq needs; see calibrate. */
  readonly ranges?: ReadonlyMap<string, Seen>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (written: number, total: number) => void;
  readonly inlineLimit?: number;
}

export interface QuantizeResult {
  readonly mode: Mode;
  /** Why this mode, then what to know about the result. */
  readonly why: readonly Message[];
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  readonly tensors: readonly TensorChange[];
  readonly excluded: readonly string[];
}

/** The kernels have one memory, so jobs wait for each other. */
let running: Promise<unknown> = Promise.resolve();

/** Writes the model in a smaller form. Throws a ModelError; then nothing was written. */
export function quantizeModel(request: QuantizeRequest): Promise<QuantizeResult> {
  const result = running.then(() => quantizeAlone(request));
  running = result.catch(() => undefined);
  return result;
}

async function quantizeAlone(request: QuantizeRequest): Promise<QuantizeResult> {
  const file = openModel(request.model);
  try {
    const chosen =
      request.mode === 'auto'
        ? recommendedMode(file.model, request.target)
        : { mode: request.mode, why: undefined };
    const rewrite = new Rewrite(file);
    const scheme =
      request.target === 'avx2' ? unsignedWeights : request.reduceRange ? reducedWeights : signedWeights;
    const { excluded, notes } = await rewriteWeights(rewrite, chosen.mode, scheme, request);
    if (rewrite.changes.length === 0) throw nothingToDo(request.model);
    const bytesBefore = sizeOnDisk(file);
    const bytesAfter = await writeModel(file, rewrite.edit, request.out, request);
    return {
      mode: chosen.mode,
      why: [chosen.why ?? { template: 'The mode was named' }, ...notes, ...warnings(chosen.mode, request)],
      bytesBefore,
      bytesAfter,
      tensors: rewrite.changes,
      excluded,
    };
  } finally {
    file.close();
  }
}

/** Gathers the changes for every weight of the model. Weights a mode does not take are stored as halves. */
async function rewriteWeights(
  rewrite: Rewrite,
  mode: Mode,
  scheme: Scheme,
  request: QuantizeRequest,
): Promise<{ excluded: string[]; notes: Message[] }> {
  if (mode === 'fp16') {
    computeInHalves(rewrite);
    return { excluded: [], notes: [] };
  }
  const exclude = new Set(request.exclude);
  const excluded: string[] = [];
  const kept: string[] = [];
  const dynamic = new DynamicMatMuls(rewrite, scheme);
  const weights = findWeights(rewrite.file.model);
  refuseUnknown(exclude, weights);
  const isExcluded = (weight: Weight) =>
    exclude.has(weight.name) || weight.uses.some(({ node }) => exclude.has(node.name));
  const layers =
    mode === 'qdq'
      ? quantizeLayers(
          rewrite,
          request.ranges ?? new Map(),
          request.target === 'tensorrt' ? signedWeights : unsignedActivations,
          ({ weight }) => !isExcluded(weight) && (request.only?.has(weight.name) ?? true),
        )
      : new Set<string>();
  for (const weight of weights) {
    // Lets a cancel or Ctrl-C through.
    await setImmediate();
    request.signal?.throwIfAborted();
    if (request.only && !request.only.has(weight.name)) continue;
    if (layers.has(weight.name)) continue;
    const named = isExcluded(weight);
    if (named) excluded.push(weight.name);
    // A long bias is no burden; as a half it would only lose accuracy.
    if (mode !== 'fp16-storage' && weight.tensor.dims.length < 2) continue;
    const role = roleOf(weight);
    const stored =
      (!named && storeAs(rewrite, weight, role, mode, dynamic, request.asymmetric ?? false)) ||
      storeHalf(rewrite, weight);
    if (!stored) kept.push(weight.name);
  }
  dynamic.finish();
  const notes: Message[] = [];
  if (
    mode !== 'fp16-storage' &&
    rewrite.changes.length > 0 &&
    rewrite.changes.every(({ to }) => to === 'float16')
  ) {
    notes.push({
      template: 'No weight here can be stored as {mode}, so all are stored as halves',
      with: { mode },
    });
  }
  if (kept.length > 0)
    notes.push({
      template: 'Kept in float32 because a number does not fit: {names}',
      with: { names: kept.join(', ') },
    });
  return { excluded, notes };
}

function storeAs(
  rewrite: Rewrite,
  weight: Weight,
  role: Role,
  mode: Mode,
  dynamic: DynamicMatMuls,
  asymmetric: boolean,
): boolean {
  if (role.kind === 'mixed') return false;
  const product = role.kind === 'matmul' || role.kind === 'gemm';
  if (mode === 'int8-weights')
    return role.kind === 'embedding'
      ? embedByRow(rewrite, weight, role.layout)
      : storeInt8(rewrite, weight, role.layout, role.axis);
  if (mode === 'int8')
    return role.kind === 'embedding' ? embedWhole(rewrite, weight) : product && dynamic.add(weight, role);
  if (mode === 'int4')
    return role.kind === 'embedding'
      ? embedByRow(rewrite, weight, role.layout)
      : product && storeBlocks(rewrite, weight, role, !asymmetric);
  return false;
}

function warnings(mode: Mode, { target, reduceRange }: QuantizeRequest): Message[] {
  if (mode !== 'int8' || reduceRange || target === 'avx2' || target === 'vnni' || target === 'arm') return [];
  return [
    {
      template:
        'On x86 CPUs without VNNI the sums of signed 8-bit weights saturate and answers drift; use --target avx2 or int8-weights if such CPUs are possible',
    },
  ];
}

function sizeOnDisk(file: ModelFile): number {
  return [file.source, ...file.external.values()].reduce((sum, { path }) => sum + statSync(path).size, 0);
}

function refuseUnknown(exclude: ReadonlySet<string>, weights: readonly Weight[]): void {
  const known = new Set(weights.flatMap(({ name, uses }) => [name, ...uses.map(({ node }) => node.name)]));
  const name = [...exclude].find((wanted) => !known.has(wanted));
  if (name === undefined) return;
  throw new ModelError({
    code: 'unknown-layer',
    what: { template: 'No node or weight is called {name}', with: { name } },
    why: { template: 'Only layers with weights of 1024 numbers or more can be excluded' },
    next: [{ template: 'List the layers with: plimsoll model' }],
  });
}

function nothingToDo(path: string): ModelError {
  return new ModelError({
    code: 'nothing-to-quantize',
    what: { template: 'Nothing in {file} can be made smaller', with: { file: path } },
    why: { template: 'It holds no float32 weight of 1024 numbers or more' },
    next: [{ template: 'Look at its weights with: plimsoll model' }],
  });
}
