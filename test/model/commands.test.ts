import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { productModel } from '../onnx/onnxBytes';
import { tempFolder } from './tempFolder';

const cli = resolve('dist/cli.js');

function plimsoll(folder: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, stdout, stderr, json: () => JSON.parse(stdout) as Record<string, unknown> };
}

describe('the commands for models', () => {
  it('model, quantize and verify print what COMMAND-LINE promises', (test) => {
    const folder = tempFolder(test);
    writeFileSync(join(folder, 'm.onnx'), productModel(256, 64));
    const model = plimsoll(folder, 'model', 'm.onnx', '--format', 'json').json();
    assert.deepEqual(Object.keys(model), [
      'version',
      'opset',
      'inputs',
      'outputs',
      'bytes',
      'weightsBytes',
      'operators',
      'tensors',
      'quantization',
      'externalData',
      'fits',
    ]);
    assert.deepEqual(model['inputs'], [{ name: 'x', type: 'float32', shape: ['batch', 256] }]);
    const made = plimsoll(
      folder,
      'quantize',
      'm.onnx',
      '--mode',
      'auto',
      '--out',
      'q.onnx',
      '--format',
      'json',
    ).json();
    assert.deepEqual(Object.keys(made), [
      'version',
      'source',
      'output',
      'mode',
      'why',
      'bytesBefore',
      'bytesAfter',
      'durationMs',
      'tensors',
      'excluded',
    ]);
    assert.deepEqual([made['source'], made['output'], made['mode']], ['m.onnx', 'q.onnx', 'int8-weights']);
    const compared = plimsoll(folder, 'verify', 'm.onnx', 'q.onnx', '--format', 'json').json();
    for (const key of [
      'version',
      'samples',
      'inputs',
      'cosine',
      'maxAbs',
      'latencyMs',
      'rssBytes',
      'verdict',
    ])
      assert.ok(key in compared, key);
  });

  it('answer 1 when a floor is not met, and write nothing then', (test) => {
    const folder = tempFolder(test);
    writeFileSync(join(folder, 'm.onnx'), productModel(256, 64));
    assert.equal(
      plimsoll(folder, 'quantize', 'm.onnx', '--mode', 'int4', '--floor', '1', '--out', 'q.onnx').status,
      1,
    );
    assert.deepEqual(readdirSync(folder), ['m.onnx']);
    plimsoll(folder, 'quantize', 'm.onnx', '--mode', 'int4', '--out', 'q.onnx');
    assert.equal(plimsoll(folder, 'verify', 'm.onnx', 'q.onnx', '--floor', '0.9999').status, 1);
  });

  it('answer bad input with one line and 2', (test) => {
    const folder = tempFolder(test);
    writeFileSync(join(folder, 'm.onnx'), productModel(256, 64).slice(0, 5000));
    const wrong = [
      ['model', 'm.onnx'],
      ['model', 'none.onnx'],
      ['model'],
      ['quantize', 'm.onnx', '--out', 'q.onnx'],
      ['quantize', 'm.onnx'],
      ['quantize', 'm.onnx', '--out', 'q.onnx', '--mode', 'tiny'],
      ['verify', 'm.onnx', 'm.onnx'],
      ['verify', 'm.onnx'],
    ];
    for (const args of wrong) {
      const { status, stdout, stderr } = plimsoll(folder, ...args);
      assert.deepEqual([status, stdout], [2, ''], args.join(' '));
      assert.match(stderr, /^plimsoll: [^\n]+\n$/, args.join(' '));
    }
    assert.deepEqual(readdirSync(folder), ['m.onnx']);
  });
});
