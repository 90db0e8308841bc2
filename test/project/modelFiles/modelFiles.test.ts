import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  isGitLfsPointer,
  modelFile,
  type ModelFileSource,
} from '../../../server/src/project/modelFiles/modelFile';
import { modelFolders } from '../../../server/src/project/modelFiles/modelFolders';

function tree(files: Record<string, number | string>): ModelFileSource & { paths: string[] } {
  return {
    paths: Object.keys(files),
    has: (path) => path in files,
    sizeOf: (path) => (typeof files[path] === 'number' ? files[path] : undefined),
    headerOf: (path) => {
      const text = files[path];
      return typeof text === 'string'
        ? Uint8Array.from(text, (character) => character.charCodeAt(0))
        : undefined;
    },
  };
}

describe('a model file', () => {
  for (const [path, kind, role] of [
    ['models/model.onnx', 'onnx', 'weights'],
    ['models/model.onnx_data', 'onnx-data', 'weights'],
    ['model.safetensors', 'safetensors', 'weights'],
    ['pytorch_model.bin', 'pytorch', 'weights'],
    ['yolov8n.pt', 'pytorch', 'weights'],
    ['m.ckpt', 'pytorch', 'weights'],
    ['tf_model.h5', 'keras', 'weights'],
    ['saved/saved_model.pb', 'tensorflow', 'graph'],
    ['saved/variables/variables.data-00000-of-00001', 'tensorflow', 'weights'],
    ['flax_model.msgpack', 'flax', 'weights'],
    ['rust_model.ot', 'rust-bert', 'weights'],
    ['llama-Q4_K_M.gguf', 'gguf', 'weights'],
    ['resnet.engine', 'tensorrt', 'weights'],
    ['m.plan', 'tensorrt', 'weights'],
    ['m.tflite', 'tflite', 'weights'],
    ['x.mlpackage/Data/com.apple.CoreML/weights/weight.bin', 'coreml', 'weights'],
    ['openvino_model.xml', 'openvino', 'weights'],
    ['tokenizer.json', 'tokenizer', 'tokenizer'],
    ['vocab.txt', 'tokenizer', 'tokenizer'],
    ['spiece.model', 'sentencepiece', 'tokenizer'],
    ['config.json', 'hf-configuration', 'configuration'],
    ['model.safetensors.index.json', 'weights-index', 'index'],
    ['optimizer.pt', 'training-state', 'training'],
    ['model.joblib', 'pickle', 'weights'],
  ] as const) {
    it(`${path} is ${kind}`, () => {
      const read = modelFile(path, tree({}));
      assert.deepEqual([read?.kind, read?.role], [kind, role]);
    });
  }

  for (const path of [
    'app.py',
    'package.json',
    'firmware.bin',
    'layout.xml',
    'notes.model',
    'model',
    'data.csv',
    'a.mlpackage/Manifest.json',
  ]) {
    it(`${path} is none`, () => assert.equal(modelFile(path, tree({})), undefined));
  }

  it('may be told by the file beside it', () => {
    assert.equal(modelFile('ir/m.bin', tree({ 'ir/m.bin': 1, 'ir/m.xml': 1 }))?.kind, 'openvino');
    assert.equal(modelFile('n/m.bin', tree({ 'n/m.bin': 1, 'n/m.param': 1 }))?.kind, 'ncnn');
  });

  it('knows its part among shards and its size', () => {
    const read = modelFile(
      'm/model-00002-of-00003.safetensors',
      tree({ 'm/model-00002-of-00003.safetensors': 7 }),
    );
    assert.deepEqual(read?.shard, { part: 2, of: 3, stem: 'model.safetensors' });
    assert.equal(read?.sizeBytes, 7);
  });

  for (const [name, header, confirmed] of [
    ['m.gguf', 'GGUF\x03', true],
    ['m.gguf', 'nope', false],
    ['m.safetensors', '\x10\0\0\0\0\0\0\0{"a"', true],
    ['m.safetensors', '{"a"', false],
    ['m.pt', 'PK\x03\x04', true],
    ['m.pt', '\x80\x02}q', true],
    ['m.pt', '<!DOCTYPE html>', false],
    ['m.h5', '\x89HDF\r\n\x1a\n', true],
    ['m.tflite', '\x1c\0\0\0TFL3', true],
    ['m.onnx', '\x08\x07', undefined],
    ['m.onnx', 'version https://git-lfs.github.com/spec/v1\noid', false],
    ['m.gguf', '', false],
  ] as const) {
    it(`${name} that starts with ${JSON.stringify(header)} is ${confirmed === undefined ? 'neither confirmed nor denied' : confirmed ? 'confirmed' : 'denied'}`, () => {
      assert.equal(modelFile(name, tree({ [name]: header }))?.isConfirmed, confirmed);
    });
  }

  it('left by Git LFS is told apart', () => {
    assert.equal(
      isGitLfsPointer(new TextEncoder().encode('version https://git-lfs.github.com/spec/v1\n')),
      true,
    );
    assert.equal(isGitLfsPointer(new Uint8Array()), false);
  });
});

describe('a model folder', () => {
  const duplicates = (files: Record<string, number>) => {
    const source = tree(files);
    return modelFolders(source.paths, source).map((folder) => [
      folder.path,
      folder.duplicates.map(({ why, forms }) => [
        why,
        forms.map((form) => [form.label, form.files.length, form.sizeBytes]),
      ]),
    ]);
  };

  it('names the same weights in several formats, the one to keep first', () => {
    assert.deepEqual(
      duplicates({
        'bert/config.json': 1,
        'bert/pytorch_model.bin': 440,
        'bert/model.safetensors': 438,
        'bert/tf_model.h5': 536,
        'bert/flax_model.msgpack': 438,
        'bert/rust_model.ot': 534,
        'bert/onnx/model.onnx': 436,
        'bert/onnx/model_quantized.onnx': 110,
        'bert/tokenizer.json': 1,
      }),
      [
        [
          'bert',
          [
            [
              'formats',
              [
                ['safetensors', 1, 438],
                ['onnx', 1, 436],
                ['onnx quantized', 1, 110],
                ['pytorch', 1, 440],
                ['keras', 1, 536],
                ['flax', 1, 438],
                ['rust-bert', 1, 534],
              ],
            ],
          ],
        ],
      ],
    );
  });

  it('counts shards and external data as one form', () => {
    assert.deepEqual(
      duplicates({
        'm/model-00001-of-00002.safetensors': 5,
        'm/model-00002-of-00002.safetensors': 4,
        'm/pytorch_model-00001-of-00001.bin': 9,
        'm/original/consolidated.00.pth': 9,
      }),
      [
        [
          'm',
          [
            [
              'formats',
              [
                ['safetensors', 2, 9],
                ['pytorch', 1, 9],
                ['pytorch original', 1, 9],
              ],
            ],
          ],
        ],
      ],
    );
    assert.deepEqual(duplicates({ 'model.onnx': 1, 'model.onnx_data': 2000 }), [['', []]]);
  });

  it('names variants of one format', () => {
    assert.deepEqual(
      duplicates({
        'unet/diffusion_pytorch_model.safetensors': 10,
        'unet/diffusion_pytorch_model.fp16.safetensors': 5,
      }),
      [
        [
          'unet',
          [
            [
              'variants',
              [
                ['safetensors', 1, 10],
                ['safetensors fp16', 1, 5],
              ],
            ],
          ],
        ],
      ],
    );
  });

  for (const [title, files] of [
    ['one format', { 'm/model.safetensors': 1, 'm/config.json': 1, 'm/model.safetensors.index.json': 1 }],
    ['two models with names of their own', { 'w/detector.onnx': 1, 'w/classifier.pt': 1 }],
    ['encoder and decoder', { 'onnx/encoder_model.onnx': 1, 'onnx/decoder_model.onnx': 1 }],
    [
      'a saved model',
      {
        's/saved_model.pb': 1,
        's/variables/variables.index': 1,
        's/variables/variables.data-00000-of-00001': 9,
      },
    ],
    ['models in sibling folders', { 'unet/model.onnx': 1, 'vae/model.safetensors': 1 }],
  ] as const) {
    it(`with ${title} has no duplicates`, () => {
      for (const [, found] of duplicates(files)) assert.deepEqual(found, []);
    });
  }

  it('is none without weights', () => {
    assert.deepEqual(duplicates({ 'config.json': 1, 'app.py': 1 }), []);
  });
});
