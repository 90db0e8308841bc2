import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fileKind } from '../../server/src/project/fileKind';

const kindOf = (path: string): string | undefined => fileKind(path, () => false);

describe('kinds of file by name', () => {
  it('knows ignore files of a build, at the root too', () => {
    for (const path of [
      '.dockerignore',
      'api/.dockerignore',
      'Dockerfile.dockerignore',
      'api/gpu.Dockerfile.dockerignore',
    ])
      assert.equal(kindOf(path), 'dockerignore', path);
    assert.equal(kindOf('notdockerignore'), undefined);
  });
});
