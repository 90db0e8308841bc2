// Which packages of AI services have wheels for musl (Alpine), and which have none and cannot be built either.
//
// UV=… node scripts/tables/musl.mjs SIZES    needs uv (PyPI); SIZES = wheel-sizes.tsv: names of wheels from lock files
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { lock, wheelTags } from './pylock.mjs';

/** Native packages whose newest version is looked up. */
const asked = [
  'torch',
  'torchvision',
  'torchaudio',
  'triton',
  'tensorflow',
  'tensorflow-cpu',
  'jaxlib',
  'onnx',
  'onnxruntime',
  'onnxruntime-gpu',
  'opencv-python',
  'opencv-python-headless',
  'opencv-contrib-python',
  'vllm',
  'xformers',
  'bitsandbytes',
  'faiss-cpu',
  'ctranslate2',
  'llvmlite',
  'numba',
  'scikit-learn',
  'scikit-image',
  'lightgbm',
  'xgboost',
  'catboost',
  'sentencepiece',
  'ray',
  'ml-dtypes',
  'mediapipe',
  'paddlepaddle',
  'optree',
  'google-crc32c',
  'decord',
  'soundfile',
  'openvino',
  'tritonclient',
  'ai-edge-litert',
  'spacy',
  'h5py',
  'pyarrow',
  'tokenizers',
  'safetensors',
  'tiktoken',
  'scipy',
  'pandas',
  'numpy',
  'pillow',
  'uvloop',
  'httptools',
  'pydantic-core',
  'orjson',
  'grpcio',
  'llama-cpp-python',
];

/** `wheel` for a musl wheel, `pure` where every machine takes the same one, `build` where only source is left, `none`. */
export function muslState(files, hasSdist) {
  const tags = files.map((file) => wheelTags(file));
  if (tags.some(({ platform }) => platform.includes('musllinux'))) return 'wheel';
  if (tags.some(({ platform }) => platform === 'any')) return 'pure';
  return hasSdist ? 'build' : 'none';
}

/** Packages with a musl wheel among names of wheels: `{name: newest version seen}`. */
export function seenWithMusl(tsv) {
  const seen = {};
  for (const line of tsv.split('\n').slice(1)) {
    const file = line.split('\t')[0] ?? '';
    if (!wheelTags(file).platform.includes('musllinux')) continue;
    const [distribution = '', version = ''] = file.split('-');
    const name = distribution.toLowerCase().replace(/[._-]+/g, '-');
    if (!seen[name] || version.localeCompare(seen[name], 'en', { numeric: true }) > 0) seen[name] = version;
  }
  return seen;
}

function main() {
  const rows = {};
  for (const name of asked) {
    try {
      const [found] = lock([name], '3.12', ['--universal', '--no-deps']);
      rows[name] = {
        version: found.version,
        musl: muslState(
          found.wheels.map(({ file }) => file),
          found.hasSdist,
        ),
      };
    } catch (error) {
      process.stderr.write(`${name}: ${String(error.stderr ?? error).slice(0, 200)}\n`);
    }
  }
  for (const [name, version] of Object.entries(seenWithMusl(readFileSync(process.argv[2], 'utf8'))))
    rows[name] ??= { version, musl: 'wheel' };
  const head = {
    date: new Date().toISOString().slice(0, 10),
    source: 'PyPI, by uv; names of wheels in public lock files',
    script: 'scripts/tables/musl.mjs',
  };
  const lines = Object.keys(rows)
    .sort()
    .map((name) => `  ${JSON.stringify(name)}: ${JSON.stringify(rows[name])}`);
  writeFileSync(
    new URL('../../server/src/lint/data/musl.json', import.meta.url),
    `${JSON.stringify(head).slice(0, -1)},"packages":{\n${lines.join(',\n')}\n}}\n`,
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main();
