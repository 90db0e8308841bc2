import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dockerfileNameOf, dockerfileNameWords } from '../../server/src/project/dockerfileNames';

describe('names of Dockerfiles', () => {
  it('takes the names engines and people use', () => {
    for (const path of [
      'Dockerfile',
      'a/b/Dockerfile',
      'a\\b\\Dockerfile',
      'dockerfile',
      'api.Dockerfile',
      'Dockerfile.gpu',
      'Dockerfile-cuda',
      'Dockerfile_dev',
      'Containerfile',
      'Containerfile.rocm',
      'x.containerfile',
      'Dockerfile.py311',
      'Dockerfile.txt',
    ]) {
      assert.equal(dockerfileNameOf(path), 'dockerfile', path);
    }
  });

  it('knows templates by their last extension', () => {
    for (const path of [
      'Dockerfile.j2',
      'base/Dockerfile.gpu.jinja',
      'python.Dockerfile.tmpl',
      'Dockerfile-linux.template',
      'Dockerfile.in',
    ]) {
      assert.equal(dockerfileNameOf(path), 'template', path);
    }
  });

  it('leaves ignore files, programs and notes alone', () => {
    for (const path of [
      'Dockerfile.dockerignore',
      '.dockerignore',
      'dockerfile.go',
      'Dockerfile.test.ts',
      'Dockerfile.md',
      'Dockerfile~',
      'Dockerfile.orig',
      'mydockerfile',
      'dockerfiles',
      'values.tmpl',
      'docker-compose.yml',
      'Dockerfile/readme',
      '',
    ]) {
      assert.equal(dockerfileNameOf(path), 'other', path);
    }
  });

  it('splits the words of a path', () => {
    assert.deepEqual(dockerfileNameWords('.ci/images/Dockerfile.gpu-dev'), {
      name: ['gpu', 'dev'],
      folders: ['ci', 'images'],
    });
    assert.deepEqual(dockerfileNameWords('Dockerfile'), { name: [], folders: [] });
  });
});
