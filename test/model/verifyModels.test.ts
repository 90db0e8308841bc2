import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { bytesField, concat, intField, textField } from '../../server/src/onnx/encode';
import { ModelError } from '../../server/src/onnx/modelError';
import { quantizeModel } from '../../server/src/model/quantize/quantizeModel';
import { verifyModels } from '../../server/src/model/verify/verifyModels';
import {
  intAttribute,
  modelBytes,
  nodeBytes,
  numbers,
  productModel,
  tensorBytes,
  valueBytes,
} from '../onnx/onnxBytes';
import { tempFolder } from './tempFolder';

const worker = resolve('dist/worker.js');

/** An 8-bit layer: codes [size, size], a scale and a zero point a column, a bias. */
interface Layer {
  codes: number[];
  scales: number[];
  zeros: number[];
  bias: number[];
  axis: number;
}

const size = 64;

/** Columns of very different size, as trained layers have: that is what makes a misplaced scale matter. */
function layerOf(seed: number): Layer {
  const spread = Array.from(
    { length: size },
    (_, column) => 0.004 * 4 ** ((numbers(size, seed + 50)[column] ?? 0) + 0.5),
  );
  return {
    codes: Array.from(numbers(size * size, seed), (value) => Math.round(value * 127)),
    scales: spread.map((scale) => scale / 4),
    zeros: Array.from({ length: size }, () => 0),
    bias: Array.from(numbers(size, seed + 100), (value) => value * 0.5),
    axis: 1,
  };
}

function smallTensor(name: string, values: readonly number[]): Uint8Array {
  return concat(
    intField(1, values.length / (values.length > size ? size : 1)),
    ...(values.length > size ? [intField(1, size)] : []),
    intField(2, 3),
    textField(8, name),
    bytesField(
      9,
      Uint8Array.from(values, (value) => value & 255),
    ),
  );
}

/** Three layers with Relu between; `float` writes the same numbers as float32. */
function network(layers: readonly Layer[], options: { float?: boolean; relu?: boolean } = {}): Uint8Array {
  const nodes: Uint8Array[] = [];
  const initializers: Uint8Array[] = [];
  let input = 'x';
  layers.forEach(({ codes, scales, zeros, bias, axis }, index) => {
    const last = index === layers.length - 1;
    initializers.push(tensorBytes({ name: `b${index}`, dims: [size], values: bias }));
    if (options.float) {
      initializers.push(
        tensorBytes({
          name: `W${index}`,
          dims: [size, size],
          values: codes.map((code, at) => code * (scales[at % size] ?? 0)),
        }),
      );
    } else {
      initializers.push(
        smallTensor(`q${index}`, codes),
        tensorBytes({ name: `s${index}`, dims: [size], values: scales }),
        smallTensor(`z${index}`, zeros),
      );
      nodes.push(
        nodeBytes(
          'DequantizeLinear',
          [`q${index}`, `s${index}`, `z${index}`],
          [`W${index}`],
          [intAttribute('axis', axis)],
          `d${index}`,
        ),
      );
    }
    nodes.push(
      nodeBytes('MatMul', [input, `W${index}`], [`p${index}`], [], `m${index}`),
      nodeBytes('Add', [`p${index}`, `b${index}`], [last ? 'logits' : `a${index}`], [], `c${index}`),
    );
    if (last) return;
    input = options.relu === false ? `a${index}` : `r${index}`;
    if (options.relu !== false) nodes.push(nodeBytes('Relu', [`a${index}`], [`r${index}`], [], `e${index}`));
  });
  return modelBytes({
    nodes,
    initializers,
    inputs: [valueBytes('x', 1, ['batch', size])],
    outputs: [valueBytes('logits', 1, ['batch', size])],
  });
}

const sound = () => [layerOf(1), layerOf(2), layerOf(3)];

/** A network with its middle layer changed. */
function broken(change: (layer: Layer) => void, which = 1): Uint8Array {
  const layers = sound();
  const layer = layers[which];
  if (layer) change(layer);
  return network(layers);
}

function swap(list: number[], a: number, b: number): void {
  [list[a], list[b]] = [list[b] ?? 0, list[a] ?? 0];
}

const breaks: readonly (readonly [string, () => Uint8Array])[] = [
  [
    'the largest and smallest scale swapped',
    () =>
      broken(({ scales }) =>
        swap(scales, scales.indexOf(Math.max(...scales)), scales.indexOf(Math.min(...scales))),
      ),
  ],
  ['scales in reverse order', () => broken(({ scales }) => scales.reverse())],
  ['scales shifted by one column', () => broken(({ scales }) => scales.unshift(scales.pop() ?? 0))],
  [
    'scales twice as large',
    () => broken((layer) => void (layer.scales = layer.scales.map((scale) => scale * 2))),
  ],
  ['scales of another layer', () => broken((layer) => void (layer.scales = layerOf(9).scales))],
  ['one scale for all columns', () => broken((layer) => layer.scales.fill(Math.max(...layer.scales)))],
  [
    'the largest scale lost',
    () => broken(({ scales }) => void (scales[scales.indexOf(Math.max(...scales))] = 0)),
  ],
  ['a scale that is not a number', () => broken(({ scales }) => void (scales[3] = Number.NaN))],
  ['an infinite scale', () => broken(({ scales }) => void (scales[3] = Number.POSITIVE_INFINITY))],
  ['scales along the wrong axis', () => broken((layer) => void (layer.axis = 0))],
  [
    'codes saturated at a third of the range',
    () =>
      broken((layer) => void (layer.codes = layer.codes.map((code) => Math.max(-42, Math.min(42, code))))),
  ],
  [
    'codes saturated in the first layer',
    () =>
      broken((layer) => void (layer.codes = layer.codes.map((code) => Math.max(-42, Math.min(42, code)))), 0),
  ],
  [
    'codes read as unsigned',
    () => broken((layer) => void (layer.codes = layer.codes.map((code) => code ^ 0x80))),
  ],
  ['codes without their sign', () => broken((layer) => void (layer.codes = layer.codes.map(Math.abs)))],
  [
    'codes with three bits',
    () => broken((layer) => void (layer.codes = layer.codes.map((code) => code & 0xe0))),
  ],
  [
    'the layer transposed',
    () =>
      broken(
        (layer) =>
          void (layer.codes = layer.codes.map(
            (_, at) => layer.codes[(at % size) * size + Math.floor(at / size)] ?? 0,
          )),
      ),
  ],
  [
    'two columns swapped',
    () =>
      broken(({ codes }) => {
        for (let row = 0; row < size; row += 1) swap(codes, row * size + 1, row * size + 2);
      }, 2),
  ],
  ['a block of rows missing', () => broken(({ codes }) => codes.fill(0, 0, 16 * size))],
  ['zero points off by ten', () => broken(({ zeros }) => zeros.fill(10))],
  ['the bias of a layer lost', () => broken(({ bias }) => bias.fill(0))],
  ['the last bias lost', () => broken(({ bias }) => bias.fill(0), 2)],
  [
    'the bias of a layer negated',
    () => broken((layer) => void (layer.bias = layer.bias.map((value) => -value)), 0),
  ],
  ['the activations lost', () => network(sound(), { relu: false })],
];

describe('comparing two models', () => {
  it('calls half storage the same, and tells sizes, times and memory', async (test) => {
    const folder = tempFolder(test);
    const [a, b] = [join(folder, 'm.onnx'), join(folder, 'h.onnx')];
    writeFileSync(a, productModel(256, 64));
    await quantizeModel({ model: a, out: b, mode: 'fp16-storage', target: 'unknown', exclude: [] });
    const result = await verifyModels({ a, b, worker });
    assert.equal(result.outcome, 'same');
    assert.equal(result.inputs, 'generated');
    assert.ok(
      result.samples > 1 &&
        result.maxAbs > 0 &&
        result.cosine.min > 0.9999 &&
        result.cosine.min <= result.cosine.mean,
    );
    assert.ok(result.bytes.b < result.bytes.a && result.latencyMs.a.p50 > 0 && result.rssBytes.a > 1e7);
    assert.match(result.verdict.template, /^The same answers/);
  });

  it('never calls a broken model better, equal or close', async (test) => {
    const folder = tempFolder(test);
    const [a, b] = [join(folder, 'float.onnx'), join(folder, 'b.onnx')];
    writeFileSync(a, network(sound(), { float: true }));
    writeFileSync(b, network(sound()));
    assert.ok(['same', 'close'].includes((await verifyModels({ a, b, worker })).outcome), 'the sound one');
    assert.ok(breaks.length >= 20);
    const praised: string[] = [];
    for (const [what, make] of breaks) {
      writeFileSync(b, make());
      const { outcome, verdict } = await verifyModels({ a, b, worker });
      if (
        !['drifts', 'differs'].includes(outcome) ||
        /faster|smaller|same answers|close/i.test(verdict.template)
      )
        praised.push(`${what}: ${outcome}`);
    }
    assert.deepEqual(praised, []);
  });

  it('says that nothing can be told of a model that answers everything alike', async (test) => {
    const folder = tempFolder(test);
    const deaf = (bias: number) =>
      modelBytes({
        nodes: [nodeBytes('MatMul', ['x', 'W'], ['p']), nodeBytes('Add', ['p', 'b'], ['y'])],
        initializers: [
          tensorBytes({ name: 'W', dims: [64, 4], values: Array.from({ length: 256 }, () => 0) }),
          tensorBytes({ name: 'b', dims: [4], values: [1, bias, 0, 0] }),
        ],
        inputs: [valueBytes('x', 1, ['n', 64])],
        outputs: [valueBytes('y', 1, ['n', 4])],
      });
    const [a, b] = [join(folder, 'a.onnx'), join(folder, 'b.onnx')];
    writeFileSync(a, deaf(2));
    writeFileSync(b, deaf(2));
    assert.equal((await verifyModels({ a, b, worker })).outcome, 'unknown');
    writeFileSync(b, deaf(0));
    assert.equal((await verifyModels({ a, b, worker })).outcome, 'differs');
  });

  it('refuses models with other inputs, and files that are no model', async (test) => {
    const folder = tempFolder(test);
    const [a, b] = [join(folder, 'a.onnx'), join(folder, 'b.onnx')];
    writeFileSync(a, productModel(64, 16));
    writeFileSync(
      b,
      modelBytes({
        nodes: [nodeBytes('Relu', ['z'], ['y'])],
        inputs: [valueBytes('z', 1, ['n'])],
        outputs: [valueBytes('y', 1, ['n'])],
      }),
    );
    const code = (error: unknown) => error instanceof ModelError && error.problem.code;
    await assert.rejects(verifyModels({ a, b, worker }), (error) => code(error) === 'signatures-differ');
    writeFileSync(
      b,
      modelBytes({
        nodes: [nodeBytes('NoSuchOperator', ['x'], ['y'])],
        inputs: [valueBytes('x', 1, ['batch', 64])],
        outputs: [valueBytes('y', 1, ['batch', 16])],
      }),
    );
    await assert.rejects(verifyModels({ a, b, worker }), (error) => code(error) === 'model-refused');
  });

  it('ends at once when cancelled', async (test) => {
    const folder = tempFolder(test);
    const a = join(folder, 'a.onnx');
    writeFileSync(a, productModel(64, 16));
    const stop = new AbortController();
    const running = verifyModels({ a, b: a, worker, signal: stop.signal, onProgress: () => stop.abort() });
    await assert.rejects(running);
  });
});
