// Which packages bring CUDA wheels on Linux x86_64 without being asked, by which way, and what CPU builds weigh.
//
// UV=… PIP=… node scripts/tables/cudaPackages.mjs SIZES    needs uv (PyPI); SIZES = wheel-installed-sizes.tsv: wheel,
// its bytes and the bytes it has when installed, measured
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { lock, versionsOf } from './pylock.mjs';
import { compareVersions } from './pythonWheels.mjs';
import { cudaOf, wheelFor } from './torchCuda.mjs';

/** Packages of AI services that may need torch. */
const mayNeedTorch = [
  'sentence-transformers',
  'ultralytics',
  'accelerate',
  'timm',
  'openai-whisper',
  'easyocr',
  'diffusers',
  'transformers',
  'torchvision',
  'torchaudio',
  'torchmetrics',
  'pytorch-lightning',
  'lightning',
  'bitsandbytes',
  'peft',
  'trl',
  'open-clip-torch',
  'flagembedding',
  'bertopic',
  'keybert',
  'speechbrain',
  'silero-vad',
  'gliner',
  'pyannote-audio',
  'optimum',
  'docling',
  'kornia',
  'stanza',
  'torch-geometric',
  'faster-whisper',
  'langchain-huggingface',
  'llama-index-embeddings-huggingface',
  'infinity-emb',
  'spacy-transformers',
  'flair',
  'facenet-pytorch',
  'setfit',
  'colbert-ai',
  'unstructured-inference',
  'marker-pdf',
];
/** Extras that add torch: `transformers[torch]`. They are asked apart, since what an extra adds marks its package. */
const extras = [
  'transformers[torch]',
  'infinity-emb[torch]',
  'diffusers[torch]',
  'safetensors[torch]',
  'langchain-huggingface[full]',
];
const platform = ['--python-platform', 'x86_64-manylinux_2_28'];

/** Package -> packages that need it directly, from `uv pip compile`'s `# via` comments. */
export function readVia(text) {
  const via = new Map();
  let name;
  for (const line of text.split('\n')) {
    const pin = /^([a-z0-9][\w.-]*)==/i.exec(line)?.[1];
    if (pin) {
      name = pin.toLowerCase();
      via.set(name, []);
      continue;
    }
    const parent = /^\s+#\s+(?:via\s+)?([a-z0-9][\w.-]*)$/i.exec(line)?.[1];
    if (name && parent && parent !== 'via') via.get(name).push(parent.toLowerCase());
  }
  return via;
}

/** Everything that needs `target`, directly or by way of others, without going through `except`. */
export function dependents(via, target, except = new Set()) {
  const found = new Set();
  const queue = [target];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    for (const parent of via.get(name) ?? []) {
      if (found.has(parent) || except.has(parent)) continue;
      found.add(parent);
      queue.push(parent);
    }
  }
  return found;
}

function compile(requirements, uv = process.env['UV'] ?? 'uv') {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-via-'));
  try {
    writeFileSync(join(folder, 'requirements.in'), `${requirements.join('\n')}\n`);
    return execFileSync(
      uv,
      ['pip', 'compile', '--quiet', '--python-version', '3.12', ...platform, join(folder, 'requirements.in')],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function cudaSet(requirement) {
  const packages = lock([requirement], '3.12', platform);
  const set = packages.filter(({ name }) => name.startsWith('nvidia-'));
  const bytes = set.reduce((sum, { wheels }) => sum + (wheelFor(wheels, 'x86_64', '3.12')?.bytes ?? 0), 0);
  return {
    cuda: cudaOf(packages) ?? null,
    bytes,
    cudnn: packages.find(({ name }) => name.startsWith('nvidia-cudnn'))?.version,
    packages,
  };
}

/** transformers and safetensors need torch only when somebody asks for their extra. */
function needTorch() {
  const plain = dependents(readVia(compile(mayNeedTorch)), 'torch', new Set(['safetensors', 'transformers']));
  return mayNeedTorch.filter((name) => plain.has(name));
}

function extrasWithTorch() {
  return extras.filter((extra) => {
    const name = extra.slice(0, extra.indexOf('['));
    return readVia(compile([extra])).has('torch') && !readVia(compile([name])).has('torch');
  });
}

/** Bytes of the NVIDIA wheels that `[cuda,cudnn]` brings; null where the extra asks for packages that do not exist. */
function extrasBytes(version) {
  try {
    return cudaSet(`onnxruntime-gpu[cuda,cudnn]==${version}`).bytes;
  } catch (error) {
    if (/No solution found/.test(String(error.stderr))) return null;
    throw error;
  }
}

function onnxruntimeRows() {
  // Before 1.21 the package names no CUDA wheels; these rows are from the CUDA execution provider's requirements page.
  const documented = [
    {
      from: '1.15.0',
      before: '1.19.0',
      cuda: '11',
      cudnn: '8',
      source: 'onnxruntime.ai/docs/execution-providers/CUDA-ExecutionProvider',
    },
    {
      from: '1.19.0',
      before: '1.21.0',
      cuda: '12',
      cudnn: '9',
      source: 'onnxruntime.ai/docs/execution-providers/CUDA-ExecutionProvider',
    },
  ];
  const rows = [];
  const versions = versionsOf('onnxruntime-gpu')
    .filter((version) => compareVersions(version, '1.21') >= 0)
    .sort(compareVersions);
  for (const version of versions) {
    const cudnn = lock([`onnxruntime-gpu[cudnn]==${version}`], '3.12', platform).find(({ name }) =>
      /^nvidia-cudnn-cu\d+$/.test(name),
    );
    const last = rows.at(-1);
    const row = {
      from: version,
      cuda: cudnn?.name.slice('nvidia-cudnn-cu'.length) ?? null,
      cudnn: cudnn?.version.split('.')[0] ?? null,
      extrasBytes: extrasBytes(version),
    };
    if (
      last &&
      last.cuda === row.cuda &&
      last.cudnn === row.cudnn &&
      (last.extrasBytes === null) === (row.extrasBytes === null)
    )
      continue;
    if (last) last.before = version;
    rows.push({ ...row, source: 'its extras cuda and cudnn on PyPI' });
  }
  return [...documented, ...rows];
}

/** Wheel name -> `[wheel bytes, installed bytes]`, newest version measured, for packages of CUDA stacks and CPU builds. */
export function measuredSizes(tsv) {
  const sizes = {};
  for (const line of tsv.split('\n').slice(1)) {
    const [wheel = '', bytes = '', installed = ''] = line.split('\t');
    const [file = '', version = ''] = wheel.split('-');
    const name = file.toLowerCase().replaceAll('_', '-');
    if (!/^(?:nvidia-|torch$|triton$|tensorflow-cpu$|onnxruntime$|torchvision$|cuda-)/.test(name)) continue;
    (sizes[name] ??= []).push({ version, wheelBytes: Number(bytes), installedBytes: Number(installed) });
  }
  return sizes;
}

function write(file, source, rest) {
  const head = {
    date: new Date().toISOString().slice(0, 10),
    source,
    script: 'scripts/tables/cudaPackages.mjs',
  };
  const body = Object.entries(rest).map(([key, value]) => {
    const rows = Array.isArray(value)
      ? value.map((row) => `  ${JSON.stringify(row)}`)
      : Object.entries(value).map(([name, row]) => `  ${JSON.stringify(name)}: ${JSON.stringify(row)}`);
    const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
    return `${JSON.stringify(key)}:${open}\n${rows.join(',\n')}\n${close}`;
  });
  writeFileSync(
    new URL(`../../server/src/lint/data/${file}`, import.meta.url),
    `${JSON.stringify(head).slice(0, -1)},${body.join(',')}}\n`,
  );
}

function main() {
  const ways = { needTorch: needTorch(), extras: extrasWithTorch() };
  process.stderr.write(`${JSON.stringify(ways)}\n`);
  const tensorflow = cudaSet('tensorflow[and-cuda]');
  const jax = cudaSet('jax[cuda13]');
  write('cudaPackages.json', 'PyPI, by uv; installed bytes measured from the wheels', {
    throughTorch: ways.needTorch,
    throughExtras: [
      ...ways.extras.map((requirement) => ({ requirement, brings: 'torch' })),
      { requirement: 'tensorflow[and-cuda]', brings: 'cuda', cuda: tensorflow.cuda, bytes: tensorflow.bytes },
      { requirement: 'jax[cuda13]', brings: 'cuda', cuda: jax.cuda, bytes: jax.bytes },
      { requirement: 'onnxruntime-gpu[cuda,cudnn]', brings: 'cuda' },
    ],
    alternatives: [
      { package: 'torch', cpu: 'index', index: 'https://download.pytorch.org/whl/cpu', suffix: '+cpu' },
      { package: 'torchvision', cpu: 'index', index: 'https://download.pytorch.org/whl/cpu', suffix: '+cpu' },
      { package: 'torchaudio', cpu: 'index', index: 'https://download.pytorch.org/whl/cpu', suffix: '+cpu' },
      { package: 'tensorflow', cpu: 'package', name: 'tensorflow-cpu' },
      { package: 'onnxruntime-gpu', cpu: 'package', name: 'onnxruntime' },
      { package: 'faiss-gpu', cpu: 'package', name: 'faiss-cpu' },
      { package: 'paddlepaddle-gpu', cpu: 'package', name: 'paddlepaddle' },
      { package: 'vllm', cpu: 'none' },
      { package: 'xformers', cpu: 'leave out' },
      { package: 'triton', cpu: 'leave out' },
    ],
    measured: measuredSizes(readFileSync(process.argv[2], 'utf8')),
  });
  write('onnxruntimeGpu.json', 'PyPI, by uv, and onnxruntime.ai', { rows: onnxruntimeRows() });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main();
