import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  setupCfgRequirements,
  setupPyRequirements,
} from '../../../server/src/project/dependencies/setupFiles';
import { readPython } from '../../../server/src/project/python/readPython';

const names = (list: readonly { name: string | undefined }[] | undefined) => list?.map((one) => one.name);

describe('setup.py', () => {
  it('gives literal requirements and extras with their places', () => {
    const text =
      'from setuptools import setup\nREQ = ["torch>=2", \'numpy\']\nsetup(name="x", install_requires=REQ, extras_require={"gpu": ["cupy"]})\n';
    const read = setupPyRequirements(readPython(text));
    assert.deepEqual(names(read.installRequires), ['torch', 'numpy']);
    const span = read.installRequires[0]?.nameSpan;
    assert.equal(span && text.slice(span.start, span.end), 'torch');
    assert.deepEqual(names(read.extras.get('gpu')), ['cupy']);
    assert.equal(read.isPartial, false);
  });

  for (const given of ['read("requirements.txt")', '["a"] + extra', '["a", b]']) {
    it(`says that ${given} is not all known`, () => {
      assert.equal(
        setupPyRequirements(readPython(`from setuptools import setup\nsetup(install_requires=${given})`))
          .isPartial,
        true,
      );
    });
  }
});

describe('setup.cfg', () => {
  it('gives one requirement a line', () => {
    const text =
      '[metadata]\nname = x\n[options]\ninstall_requires =\n    torch>=2  # why\n    # none\n    numpy; python_version < "3.9"\npackages = find:\n[options.extras_require]\ngpu = cupy\n';
    const read = setupCfgRequirements(text);
    assert.deepEqual(names(read.installRequires), ['torch', 'numpy']);
    const span = read.installRequires[1]?.nameSpan;
    assert.equal(span && text.slice(span.start, span.end), 'numpy');
    assert.deepEqual(names(read.extras.get('gpu')), ['cupy']);
    assert.deepEqual(read.bad, []);
  });

  it('says that a file elsewhere holds them', () => {
    assert.equal(
      setupCfgRequirements('[options]\ninstall_requires = file: requirements.txt\n').isPartial,
      true,
    );
  });
});
