import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { ModelError } from '../../server/src/onnx/modelError';
import { type ModelFile, openModel } from '../../server/src/model/modelFile';
import { calibrate } from '../../server/src/model/quantize/calibrate';
import { findExclusions } from '../../server/src/model/quantize/findExclusions';
import { type QuantizeRequest, quantizeModel } from '../../server/src/model/quantize/quantizeModel';
import {
  type GraphText,
  modelBytes,
  nodeBytes,
  numbers,
  productModel,
  tensorBytes,
  valueBytes,
} from '../onnx/onnxBytes';
import { answersOf, relativeError } from './run';
import { tempFolder } from './tempFolder';

const worker = resolve('dist/worker.js');
const image = { x: { type: 'float32', dims: [1, 4, 16, 16], values: numbers(1024, 3) } };
const samples = [{ x: { type: 'float32', dims: [1, 4, 16, 16], data: image.x.values } }];

/** Two convolutions with a bias, a Relu after the first. */
const twoConvolutions: GraphText = {
  nodes: [
    nodeBytes('Conv', ['x', 'W', 'b'], ['p'], [], 'first'),
    nodeBytes('Relu', ['p'], ['r']),
    nodeBytes('Conv', ['r', 'V', 'c'], ['y'], [], 'second'),
  ],
  initializers: [
    tensorBytes({ name: 'W', dims: [32, 4, 3, 3], values: numbers(32 * 36) }),
    tensorBytes({ name: 'b', dims: [32], values: numbers(32, 5) }),
    tensorBytes({ name: 'V', dims: [8, 32, 3, 3], values: numbers(8 * 288, 7) }),
    tensorBytes({ name: 'c', dims: [8], values: numbers(8, 9) }),
  ],
  inputs: [valueBytes('x', 1, [1, 4, 16, 16])],
  outputs: [valueBytes('y', 1, [1, 8, 12, 12])],
};

async function staticRequest(folder: string, more: Partial<QuantizeRequest> = {}): Promise<QuantizeRequest> {
  const model = join(folder, 'm.onnx');
  const ranges = await calibrate({ model, samples, worker, threads: 1 });
  return {
    model,
    out: join(folder, 'out.onnx'),
    mode: 'qdq',
    target: 'unknown',
    exclude: [],
    ranges,
    ...more,
  };
}

/** The structure is read; the file need not stay open. */
const closed = (file: ModelFile): ModelFile => {
  file.close();
  return file;
};

describe('quantizing with ranges known beforehand', () => {
  for (const opset of [11, 13, 17]) {
    for (const target of ['unknown', 'tensorrt'] as const) {
      it(`keeps convolutions with bias and Relu close at opset ${opset} for ${target}`, async (test) => {
        const folder = tempFolder(test);
        writeFileSync(join(folder, 'm.onnx'), modelBytes(twoConvolutions, opset));
        const result = await quantizeModel(await staticRequest(folder, { target }));
        assert.deepEqual(
          result.tensors.map(({ name, to }) => [name, to]),
          [
            ['W', 'int8'],
            ['V', 'int8'],
          ],
        );
        const error = relativeError(
          await answersOf(join(folder, 'm.onnx'), image),
          await answersOf(join(folder, 'out.onnx'), image),
        );
        assert.ok(error > 0 && error < 0.03, `${error}`);
      });
    }
  }

  it('quantizes behind the Relu, and what lies between two layers once', async (test) => {
    const folder = tempFolder(test);
    writeFileSync(join(folder, 'm.onnx'), modelBytes(twoConvolutions));
    await quantizeModel(await staticRequest(folder));
    const { model } = closed(openModel(join(folder, 'out.onnx')));
    const order = model.graph.nodes.map(({ opType }) => opType).filter((type) => type !== 'DequantizeLinear');
    assert.deepEqual(order, ['QuantizeLinear', 'Conv', 'Relu', 'QuantizeLinear', 'Conv', 'QuantizeLinear']);
  });

  it('sees the range of every sample, zero included', async (test) => {
    const folder = tempFolder(test);
    writeFileSync(join(folder, 'm.onnx'), productModel(64, 16));
    const sample = (value: number) => ({
      x: { type: 'float32', dims: [1, 64], data: new Float32Array(64).fill(value) },
    });
    const seen = await calibrate({
      model: join(folder, 'm.onnx'),
      samples: [sample(2), sample(-3), sample(1)],
      worker,
      threads: 1,
    });
    assert.deepEqual(seen.get('x'), { low: -3, high: 2 });
    assert.deepEqual([...seen.keys()].sort(), ['p', 'x']);
  });

  it('is refused below opset 10', async (test) => {
    const folder = tempFolder(test);
    writeFileSync(join(folder, 'm.onnx'), modelBytes(twoConvolutions, 9));
    const request = await staticRequest(folder);
    await assert.rejects(
      quantizeModel(request),
      (error) => error instanceof ModelError && error.problem.code === 'opset-too-old',
    );
  });
});

describe('keeping layers out until a floor is met', () => {
  /** Every number of W is one of sixteen, so four bits hold it exactly; those of V are not. */
  const uneven = (): Uint8Array => {
    const exact = numbers(64 * 64).map((value, index) =>
      Math.floor(index / 64) % 32 === 0 ? -1 : Math.round(value * 7) / 8,
    );
    return modelBytes({
      nodes: [
        nodeBytes('MatMul', ['x', 'W'], ['p'], [], 'exact'),
        nodeBytes('MatMul', ['p', 'V'], ['y'], [], 'rounded'),
      ],
      initializers: [
        tensorBytes({ name: 'W', dims: [64, 64], values: exact }),
        tensorBytes({ name: 'V', dims: [64, 64], values: numbers(4096, 4) }),
      ],
      inputs: [valueBytes('x', 1, ['n', 64])],
      outputs: [valueBytes('y', 1, ['n', 64])],
    });
  };
  const sample = { x: { type: 'float32', dims: [8, 64], data: numbers(512, 11) } };

  async function search(folder: string, floor: number) {
    const model = join(folder, 'm.onnx');
    writeFileSync(model, uneven());
    const request: QuantizeRequest = {
      model,
      out: join(folder, 'out.onnx'),
      mode: 'int4',
      target: 'unknown',
      exclude: [],
    };
    return findExclusions({ request, floor, samples: [sample], worker, threads: 1 });
  }

  it('excludes nothing when all is close enough', async (test) => {
    assert.deepEqual((await search(tempFolder(test), 0.9))?.names, []);
  });

  it('excludes as few as will do, and tells the cosine reached', async (test) => {
    const found = await search(tempFolder(test), 0.9998);
    assert.deepEqual(found?.names, ['V']);
    assert.ok(found.cosine >= 0.9998, String(found.cosine));
  });

  it('says so when nothing will do', async (test) => {
    assert.equal(await search(tempFolder(test), 1), undefined);
  });
});
