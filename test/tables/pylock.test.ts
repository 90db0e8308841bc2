import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dependents, measuredSizes, readVia } from '../../scripts/tables/cudaPackages.mjs';
import { muslState, seenWithMusl } from '../../scripts/tables/musl.mjs';
import { mergeFlags } from '../../scripts/tables/programFlags.mjs';
import { readPylock } from '../../scripts/tables/pylock.mjs';
import { compareVersions, foldRows, seriesFor } from '../../scripts/tables/pythonWheels.mjs';
import { measuredWheels } from '../../scripts/tables/servingSurplus.mjs';
import { buildOf, cudaOf, indexBuilds, wheelFor } from '../../scripts/tables/torchCuda.mjs';
import { advisoryRanges } from '../../scripts/tables/vulnerablePins.mjs';

/** As uv 0.13 writes it for `torch==2.7.0` and what it needs, shortened. */
const pylock = `lock-version = "1.0"
created-by = "uv"

[[packages]]
name = "nvidia-cuda-runtime-cu12"
version = "12.6.77"
wheels = [{ url = "https://example.org/aa/nvidia_cuda_runtime_cu12-12.6.77-py3-none-manylinux2014_x86_64.whl", upload-time = 2024-10-01T17:00:38Z, size = 897678, hashes = { sha256 = "8c" } }]

[[packages]]
name = "torch"
version = "2.7.0"
wheels = [
    { url = "https://example.org/46/torch-2.7.0-cp311-cp311-manylinux_2_28_aarch64.whl", upload-time = 2025-04-23T14:35:10Z, size = 99159397, hashes = { sha256 = "c9" } },
    { url = "https://example.org/cc/torch-2.7.0-cp311-cp311-manylinux_2_28_x86_64.whl", upload-time = 2025-04-23T14:33:27Z, size = 865183681, hashes = { sha256 = "0b" } },
    { url = "https://example.org/cc/torch-2.7.0-cp313-cp313t-manylinux_2_28_x86_64.whl", upload-time = 2025-04-23T14:33:27Z, size = 865104023, hashes = { sha256 = "0b" } },
    { url = "https://example.org/cc/torch-2.7.0-cp311-none-macosx_11_0_arm64.whl", upload-time = 2025-04-23T14:33:27Z, size = 68569377, hashes = { sha256 = "0b" } },
]

[[packages]]
name = "tqdm"
version = "4.67.1"
sdist = { url = "https://example.org/tqdm-4.67.1.tar.gz", upload-time = 2024-11-24T20:12:22Z, size = 169737, hashes = { sha256 = "f8" } }
wheels = [{ url = "https://example.org/tqdm-4.67.1-py3-none-any.whl", upload-time = 2024-11-24T20:12:19Z, size = 78540, hashes = { sha256 = "26" } }]
`;

describe('reading what uv locked', () => {
  const packages = readPylock(pylock);

  it('lists wheels with their bytes', () => {
    assert.deepEqual(
      packages.map(({ name, version, wheels, hasSdist }) => [name, version, wheels.length, hasSdist]),
      [
        ['nvidia-cuda-runtime-cu12', '12.6.77', 1, false],
        ['torch', '2.7.0', 4, false],
        ['tqdm', '4.67.1', 1, true],
      ],
    );
    assert.equal(packages[2]?.wheels[0]?.bytes, 78540);
  });

  it('takes the wheel of the machine and the series, not a free-threaded one', () => {
    const wheels = packages[1]?.wheels ?? [];
    assert.equal(wheelFor(wheels, 'x86_64', '3.11')?.bytes, 865183681);
    assert.equal(wheelFor(wheels, 'aarch64', '3.11')?.bytes, 99159397);
    assert.equal(wheelFor(wheels, 'x86_64', '3.9'), undefined);
  });

  it('finds the CUDA version and what only CUDA needs', () => {
    assert.equal(cudaOf(packages), '12.6');
    assert.deepEqual(buildOf(packages, 'x86_64', '3.11'), {
      cuda: '12.6',
      torchBytes: 865183681,
      set: { 'nvidia-cuda-runtime-cu12': ['12.6.77', 897678] },
    });
    assert.equal(cudaOf([]), undefined);
  });
});

describe('tables of wheels', () => {
  it('fold the series a version has wheels for', () => {
    const wheel = (tags: string): string => `torch-2.7.0-${tags}.whl`;
    const files = [
      'cp39-cp39-manylinux_2_28_x86_64',
      'cp310-cp310-manylinux_2_28_x86_64',
      'cp313-cp313t-manylinux_2_28_x86_64',
      'cp39-cp39-win_amd64',
      'cp39-cp39-musllinux_1_2_x86_64',
    ].map(wheel);
    assert.equal(seriesFor(files, 'x86_64'), '3.9-3.10');
    assert.equal(seriesFor(files, 'aarch64'), '');
    assert.equal(seriesFor([wheel('cp38-abi3-manylinux_2_17_x86_64')], 'x86_64'), '3.8+');
    assert.equal(seriesFor([wheel('py3-none-any')], 'x86_64'), 'any');
    assert.equal(seriesFor([wheel('py3-none-manylinux_2_28_x86_64')], 'x86_64'), 'any');
    assert.equal(
      seriesFor(['cp39-cp39-manylinux1_x86_64', 'cp311-cp311-manylinux1_x86_64'].map(wheel), 'x86_64'),
      '3.9 3.11',
    );
  });

  it('join neighbours that are alike', () => {
    assert.deepEqual(
      foldRows([
        { version: '2', x86_64: 'a' },
        { version: '1', x86_64: 'a' },
        { version: '0', x86_64: 'b' },
      ]),
      [
        { versions: ['2', '1'], x86_64: 'a' },
        { versions: ['0'], x86_64: 'b' },
      ],
    );
    assert.ok(compareVersions('2.10.0', '2.9.1') > 0);
    assert.ok(compareVersions('0.0.31.post1', '0.0.31') > 0);
  });

  it('tell musl wheels, pure ones, source and nothing apart', () => {
    assert.equal(muslState(['a-1-cp311-cp311-musllinux_1_2_x86_64.whl'], true), 'wheel');
    assert.equal(muslState(['a-1-py3-none-any.whl'], false), 'pure');
    assert.equal(muslState(['a-1-cp311-cp311-manylinux_2_28_x86_64.whl'], true), 'build');
    assert.equal(muslState(['a-1-cp311-cp311-manylinux_2_28_x86_64.whl'], false), 'none');
    assert.deepEqual(
      seenWithMusl(
        'wheel\tbytes\nA_b-1.2-cp311-cp311-musllinux_1_2_x86_64.whl\t5\nA_b-1.10-cp311-cp311-musllinux_1_2_x86_64.whl\t5\nc-1-py3-none-any.whl\t1\n',
      ),
      { 'a-b': '1.10' },
    );
  });

  it('keep measured sizes by normalized name', () => {
    const tsv =
      'wheel\twheel_bytes\tinstalled_bytes\nnvidia_cublas-13.1-py3-none-manylinux_2_27_x86_64.whl\t10\t20\nnumpy-2.0-cp311-cp311-manylinux_2_17_x86_64.whl\t1\t2\n';
    assert.deepEqual(measuredSizes(tsv), {
      'nvidia-cublas': [{ version: '13.1', wheelBytes: 10, installedBytes: 20 }],
    });
    assert.deepEqual(measuredWheels(tsv).get('numpy'), { version: '2.0', wheelBytes: 1, installedBytes: 2 });
  });

  it('read builds of the PyTorch index', () => {
    assert.deepEqual(
      indexBuilds([
        { Torch: '2.7.0+cpu', CUDA: null },
        { Torch: '2.7.0+cu126', CUDA: '12.6' },
        { Torch: '2.0.1', CUDA: '11.7' },
      ]),
      {
        '2.7.0': ['cpu', 'cu126'],
        '2.0.1': ['cu117'],
      },
    );
  });
});

describe('who needs a package', () => {
  const compiled = `# This file was autogenerated by uv
accelerate==1.15.0
    # via
    #   -r requirements.in
    #   trl
torch==2.15.0
    # via
    #   accelerate
    #   safetensors
safetensors==0.7
    # via accelerate
trl==1.13.0
    # via -r requirements.in
numpy==2.4
    # via torch
`;

  it('is read from the comments of a compiled file', () => {
    assert.deepEqual(readVia(compiled).get('torch'), ['accelerate', 'safetensors']);
    assert.deepEqual(readVia(compiled).get('safetensors'), ['accelerate']);
  });

  it('is followed to the packages asked for, not through those left out', () => {
    assert.deepEqual([...dependents(readVia(compiled), 'torch', new Set(['safetensors']))].sort(), [
      'accelerate',
      'trl',
    ]);
  });
});

describe('flags over versions', () => {
  it('are noted where they came and went', () => {
    assert.deepEqual(
      mergeFlags(
        [
          ['1', { '--a': true, '--old': false }],
          ['2', { '--a': true, '--new': true, '--theme.x': true }],
        ],
        '--theme.',
      ),
      {
        '--a': { value: true },
        '--new': { value: true, from: '2' },
        '--old': { value: false, to: '1' },
      },
    );
  });
});

describe('ranges of advisories', () => {
  it('are those of versions, not of commits', () => {
    const yaml =
      'affected:\n- package:\n    name: fastapi\n  ranges:\n  - type: GIT\n    events:\n    - introduced: "0"\n    - fixed: 9d34ad\n  - type: ECOSYSTEM\n    events:\n    - introduced: "0"\n    - fixed: 0.109.1\n';
    assert.deepEqual(advisoryRanges(yaml), [{ introduced: '0', fixed: '0.109.1' }]);
  });
});
