import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import cudaDriver from '../../server/src/lint/data/cudaDriver.json';
import cudaPackages from '../../server/src/lint/data/cudaPackages.json';
import guiPackages from '../../server/src/lint/data/guiPackages.json';
import importNames from '../../server/src/lint/data/importNames.json';
import musl from '../../server/src/lint/data/musl.json';
import onnxruntimeGpu from '../../server/src/lint/data/onnxruntimeGpu.json';
import torchCuda from '../../server/src/lint/data/torchCuda.json';
import trainingPackages from '../../server/src/lint/data/trainingPackages.json';
import vulnerablePins from '../../server/src/lint/data/vulnerablePins.json';
import { hasFlag, providersOf, serverProgram } from '../../server/src/lint/program';
import { wheelSupport } from '../../server/src/lint/wheelSupport';
import { absent, unknown } from '../../server/src/project/answer';

const folders = ['server/src/lint/data', 'server/src/project/data'];

describe('tables of facts', () => {
  for (const path of folders.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))) {
    it(`are dated and name their source and script: ${path}`, () => {
      const table = JSON.parse(readFileSync(path, 'utf8')) as {
        date: string;
        source: string;
        script: string;
      };
      assert.match(table.date, /^2\d{3}-[01]\d-[0-3]\d$/);
      assert.ok(table.source.length > 3);
      const script = /^scripts\/tables\/\w+\.mjs/.exec(table.script)?.[0];
      assert.ok(script ? existsSync(script) : table.script.startsWith('none: '), table.script);
    });
  }
});

describe('torch and CUDA', () => {
  const row = (version: string): (typeof torchCuda.rows)[number] | undefined =>
    torchCuda.rows.find(({ torch }) => torch === version);

  it('is the CUDA 12.6 build with about 2.2 GB beside it for torch 2.7.0', () => {
    assert.equal(row('2.7.0')?.x86_64?.cuda, '12.6');
    assert.equal(row('2.7.0')?.x86_64?.torchBytes, 865183681);
    assert.equal(Math.round((row('2.7.0')?.x86_64?.setBytes ?? 0) / 1e8), 22);
    assert.deepEqual(row('2.7.0')?.indexBuilds, ['cpu', 'cu118', 'cu126', 'cu128']);
  });

  it('is the CPU build on aarch64 before 2.11', () => {
    assert.equal(row('2.10.0')?.aarch64?.cuda, null);
    assert.equal(row('2.11.0')?.aarch64?.cuda, '13.0');
  });

  it('has sets whose bytes add up', () => {
    const sets = torchCuda.sets as unknown as Record<string, Record<string, [string, number | null]>>;
    for (const { torch, x86_64 } of torchCuda.rows) {
      const set = sets[x86_64?.set ?? ''] ?? {};
      assert.equal(
        Object.values(set).reduce((sum, [, bytes]) => sum + (bytes ?? 0), 0),
        x86_64?.setBytes,
        torch,
      );
    }
  });

  it('needs a driver for each major version', () => {
    for (const { x86_64 } of torchCuda.rows) {
      assert.ok(
        cudaDriver.rows.some(({ cuda }) => cuda === x86_64?.cuda?.split('.')[0]),
        x86_64?.cuda ?? '',
      );
    }
  });

  it('comes by way of other packages', () => {
    assert.ok(cudaPackages.throughTorch.includes('sentence-transformers'));
    assert.ok(!cudaPackages.throughTorch.includes('transformers'));
    assert.ok(cudaPackages.throughExtras.some(({ requirement }) => requirement === 'transformers[torch]'));
  });
});

describe('onnxruntime-gpu and CUDA', () => {
  it('has one row for every version, in order', () => {
    const { rows } = onnxruntimeGpu;
    assert.deepEqual([rows[0]?.cuda, rows[0]?.cudnn], ['11', '8']);
    for (const [index, row] of rows.entries()) {
      assert.equal('before' in row ? row.before : undefined, rows[index + 1]?.from);
      assert.match(row.cuda ?? '', /^1[1-9]$/);
      assert.match(row.cudnn ?? '', /^\d+$/);
    }
  });
});

describe('musl wheels', () => {
  it('are missing for torch, and there for numpy and tokenizers', () => {
    assert.equal(musl.packages.torch.musl, 'none');
    assert.equal(musl.packages.numpy.musl, 'wheel');
    assert.equal(musl.packages.tokenizers.musl, 'wheel');
  });
});

describe('wheels for a Python series', () => {
  it('are known for a pinned version', () => {
    const support = wheelSupport('torch', '2.7.0', 'x86_64');
    assert.ok(support.state === 'known');
    assert.deepEqual(
      [support.value.oldest, support.value.newest, support.value.hasSource],
      ['3.9', '3.13', false],
    );
    assert.deepEqual(
      [support.value.supports('3.13'), support.value.supports('3.14'), support.value.supports('3.8')],
      [true, false, false],
    );
  });

  it('have no end for the stable ABI', () => {
    const support = wheelSupport('tokenizers', '0.21.0', 'x86_64');
    assert.ok(support.state === 'known');
    assert.equal(support.value.newest, undefined);
    assert.ok(support.value.supports('3.30'));
  });

  it('are absent for a machine without any, unknown for versions nobody listed', () => {
    assert.deepEqual(wheelSupport('tensorflow-cpu', '2.15.0', 'x86_64').state, 'known');
    assert.deepEqual(wheelSupport('onnxruntime-gpu', '1.20.0', 'aarch64'), absent);
    assert.deepEqual(wheelSupport('torch', '99.0', 'x86_64'), unknown);
    assert.deepEqual(wheelSupport('constructor', '1', 'x86_64'), unknown);
  });
});

describe('programs that serve', () => {
  it('know their own flags', () => {
    const gunicorn = serverProgram(['gunicorn', 'app:app']);
    assert.ok(gunicorn);
    assert.ok(!hasFlag(gunicorn, '--host'));
    assert.ok(!hasFlag(gunicorn, '--port'));
    assert.ok(hasFlag(gunicorn, '--bind'));
    assert.equal(gunicorn.flags.get('-w')?.takesValue, true);
    assert.equal(gunicorn.flags.get('--preload')?.takesValue, false);
  });

  it('take beginnings of flags only where their parser does', () => {
    const gunicorn = serverProgram(['gunicorn']);
    const uvicorn = serverProgram(['uvicorn']);
    assert.ok(gunicorn && uvicorn);
    assert.ok(hasFlag(gunicorn, '--work'));
    assert.ok(!hasFlag(uvicorn, '--work'));
    assert.ok(!hasFlag(uvicorn, '-w'));
  });

  it('are found by program and subcommand', () => {
    assert.equal(serverProgram(['fastapi', 'run', 'main.py'])?.package, 'fastapi-cli');
    assert.equal(serverProgram(['fastapi', 'dev']), undefined);
    assert.equal(serverProgram(['python', 'app.py']), undefined);
    const streamlit = serverProgram(['streamlit', 'run']);
    assert.ok(streamlit && hasFlag(streamlit, '--server.port') && hasFlag(streamlit, '--theme.base'));
  });

  it('come from packages', () => {
    const uvicorn = providersOf('uvicorn');
    assert.ok(uvicorn.state === 'known' && uvicorn.value.pip.includes('fastapi[standard]'));
    assert.deepEqual(providersOf('my-own-server'), unknown);
    assert.deepEqual(providersOf('toString'), unknown);
  });
});

describe('vulnerable pins', () => {
  it('say package, range, advisory and effect', () => {
    for (const row of vulnerablePins.rows) {
      assert.match(row.id, /^CVE-\d{4}-\d{4,}$/);
      assert.match(row.fixed, /^\d+(?:\.\d+)+$/, row.id);
      assert.match(row.package, /^[a-z0-9-]+$/, row.id);
      assert.match(row.effect, /^\S.{18,}[^.]$/, row.id);
    }
    const fixed = (id: string): string | undefined => vulnerablePins.rows.find((row) => row.id === id)?.fixed;
    assert.equal(fixed('CVE-2025-32434'), '2.6.0');
    assert.equal(fixed('CVE-2026-24747'), '2.10.0');
  });
});

describe('names', () => {
  it('of imports lead to normalized PyPI names', () => {
    assert.deepEqual(importNames.rows.cv2[0], 'opencv-python');
    for (const name of Object.values(importNames.rows).flat())
      assert.match(name, /^[a-z0-9]+(?:-[a-z0-9]+)*$/);
  });

  it('of surplus packages carry a measured size or none', () => {
    for (const { size } of [...trainingPackages.rows, ...guiPackages.rows])
      assert.ok(size === null || size.installedBytes >= size.wheelBytes / 2);
    assert.equal(
      guiPackages.rows.find((row) => row.package === 'opencv-python')?.instead,
      'opencv-python-headless',
    );
  });
});
