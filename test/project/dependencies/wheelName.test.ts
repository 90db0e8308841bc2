import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { wheelFits, wheelName, type WheelTarget } from '../../../server/src/project/dependencies/wheelName';

const slim: WheelTarget = { python: '3.11', libc: 'glibc', libcVersion: '2.36', arch: 'x86_64' };
const alpine: WheelTarget = { python: '3.11', libc: 'musl', libcVersion: '1.2', arch: 'x86_64' };

function fits(file: string, target: WheelTarget): boolean {
  const wheel = wheelName(file);
  assert.ok(wheel, file);
  return wheelFits(wheel, target);
}

describe("a wheel's file name", () => {
  it('tells name, version, build and tags', () => {
    assert.deepEqual(
      wheelName(
        'https://h/p/Torch_Audio-2.10.0-3-cp313-cp313-manylinux_2_28_x86_64.manylinux2014_x86_64.whl#sha256=x',
      ),
      {
        name: 'torch-audio',
        version: '2.10.0',
        build: '3',
        pythonTags: ['cp313'],
        abiTags: ['cp313'],
        platformTags: ['manylinux_2_28_x86_64', 'manylinux2014_x86_64'],
      },
    );
  });

  it('decodes a local version in a URL', () => {
    assert.equal(wheelName('torch-2.7.0%2Bcpu-cp311-cp311-linux_x86_64.whl')?.version, '2.7.0+cpu');
  });

  for (const file of [
    'numpy-1.26.4.tar.gz',
    'numpy.whl',
    '-1-py3-none-any.whl',
    'a-1-b-py3-none-any.whl',
    'a-%E0%A4%A-py3-none-any',
    '',
  ]) {
    it(`is none: ${JSON.stringify(file)}`, () => assert.equal(wheelName(file), undefined));
  }
});

describe('a wheel fits', () => {
  for (const [file, onSlim, onAlpine] of [
    ['a-1-py3-none-any.whl', true, true],
    ['a-1-py2.py3-none-any.whl', true, true],
    ['a-1-py2-none-any.whl', false, false],
    ['a-1-py310-none-any.whl', true, true],
    ['a-1-py312-none-any.whl', false, false],
    ['a-1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl', true, false],
    ['a-1-cp311-cp311-manylinux_2_36_x86_64.whl', true, false],
    ['a-1-cp311-cp311-manylinux_2_39_x86_64.whl', false, false],
    ['a-1-cp311-cp311-manylinux1_x86_64.whl', true, false],
    ['a-1-cp311-cp311-musllinux_1_2_x86_64.whl', false, true],
    ['a-1-cp311-cp311-musllinux_1_1_x86_64.whl', false, true],
    ['a-1-cp311-cp311-musllinux_1_3_x86_64.whl', false, false],
    ['a-1-cp311-cp311-linux_x86_64.whl', true, true],
    ['a-1-cp310-cp310-manylinux2014_x86_64.whl', false, false],
    ['a-1-cp39-abi3-manylinux2014_x86_64.whl', true, false],
    ['a-1-cp312-abi3-manylinux2014_x86_64.whl', false, false],
    ['a-1-py3-none-manylinux2014_x86_64.whl', true, false],
    ['a-1-cp311-cp311-manylinux2014_aarch64.whl', false, false],
    ['a-1-cp311-cp311-win_amd64.whl', false, false],
    ['a-1-cp311-cp311-macosx_11_0_arm64.whl', false, false],
    ['a-1-cp311-cp311t-manylinux2014_x86_64.whl', false, false],
    ['a-1-pp310-pypy310_pp73-manylinux2014_x86_64.whl', false, false],
  ] as const) {
    it(`${file}: slim ${onSlim}, alpine ${onAlpine}`, () => {
      assert.equal(fits(file, slim), onSlim);
      assert.equal(fits(file, alpine), onAlpine);
    });
  }

  it('a free-threaded interpreter only with its own tag', () => {
    const target: WheelTarget = { ...slim, python: '3.13', freeThreaded: true };
    assert.equal(fits('a-1-cp313-cp313t-manylinux2014_x86_64.whl', target), true);
    assert.equal(fits('a-1-cp313-cp313-manylinux2014_x86_64.whl', target), false);
    assert.equal(fits('a-1-cp39-abi3-manylinux2014_x86_64.whl', target), false);
  });
});
