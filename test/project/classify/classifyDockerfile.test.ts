import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { absent, known, unknown } from '../../../server/src/project/answer';
import {
  type ClassifiedDockerfile,
  classifyDockerfile,
} from '../../../server/src/project/classify/classifyDockerfile';

function file(given: Partial<ClassifiedDockerfile>): ClassifiedDockerfile {
  return {
    path: 'Dockerfile',
    text: 'FROM python:3.12-slim\n',
    stageName: undefined,
    base: known('python:3.12-slim'),
    baseVariable: undefined,
    command: absent,
    exposesPort: false,
    hasHealthcheck: false,
    ...given,
  };
}

function purpose(given: Partial<ClassifiedDockerfile>): string {
  const { purpose, confidence } = classifyDockerfile(file(given));
  return `${purpose}, ${confidence}`;
}

const server = known(['uvicorn', 'app.main:app', '--host', '0.0.0.0']);

describe('what a Dockerfile is for', () => {
  it('serves when it says what to start', () => {
    assert.equal(purpose({ command: server }), 'serving, certain');
    assert.equal(purpose({ command: unknown }), 'serving, certain');
    assert.equal(purpose({ exposesPort: true }), 'serving, likely');
    assert.equal(purpose({}), 'serving, guess');
  });

  it('is a build environment when it is named one and serves nothing', () => {
    for (const path of [
      'Dockerfile.dev',
      'Dockerfile_devel',
      'docker/base/Dockerfile',
      'builder.Dockerfile',
      '.devcontainer/Dockerfile',
    ]) {
      assert.equal(purpose({ path }), 'build-environment, likely', path);
    }
    assert.equal(purpose({ path: 'Dockerfile.dev', command: server }), 'build-environment, guess');
    assert.equal(purpose({ path: '.devcontainer/Dockerfile', command: server }), 'build-environment, guess');
    assert.equal(purpose({ stageName: 'dev' }), 'build-environment, likely');
    assert.equal(
      purpose({ base: known('quay.io/pypa/manylinux_2_28_x86_64:latest') }),
      'build-environment, likely',
    );
  });

  it('is a build environment when it only opens a shell', () => {
    assert.equal(purpose({ command: known(['/bin/bash']) }), 'build-environment, likely');
    assert.equal(purpose({ command: known(['bash', '-l']) }), 'build-environment, likely');
    assert.equal(purpose({ command: known(['sleep', 'infinity']) }), 'build-environment, likely');
    assert.equal(purpose({ command: known(['bash', '-c', 'exec uvicorn app:app']) }), 'serving, certain');
    assert.equal(purpose({ command: known(['bash', 'start.sh']) }), 'serving, certain');
  });

  it('still serves in a folder or a stage named build when it starts something', () => {
    assert.equal(purpose({ path: 'build/Dockerfile', command: server }), 'serving, certain');
    assert.equal(purpose({ path: 'tests/e2e/Dockerfile', command: server }), 'serving, certain');
    assert.equal(purpose({ stageName: 'base', command: server }), 'serving, certain');
    assert.equal(purpose({ path: 'building/Dockerfile', command: server }), 'serving, certain');
    assert.equal(purpose({ path: 'database/Dockerfile', command: server }), 'serving, certain');
  });

  it('belongs to CI by name or folder', () => {
    assert.equal(purpose({ path: '.github/Dockerfile' }), 'ci, likely');
    assert.equal(purpose({ path: 'Dockerfile.ci' }), 'ci, likely');
    assert.equal(purpose({ path: 'Dockerfile.test', command: server }), 'ci, guess');
  });

  it('is no service when it only carries files or builds documents', () => {
    assert.equal(purpose({ base: known('scratch') }), 'build-environment, likely');
    assert.equal(purpose({ base: known('scratch'), command: server }), 'serving, certain');
    assert.equal(purpose({ path: 'docs/Dockerfile.docs' }), 'build-environment, likely');
  });

  it('is a chain link when its base comes from an ARG without default', () => {
    const answer = classifyDockerfile(file({ base: unknown, baseVariable: 'BASE_IMAGE', command: server }));
    assert.equal(answer.purpose, 'chain-link');
    assert.deepEqual(answer.reasons, [
      {
        template: 'Its base image comes from ARG {name}, which has no default',
        with: { name: 'BASE_IMAGE' },
      },
    ]);
  });

  it('is a template by its name or its text', () => {
    assert.equal(purpose({ path: 'Dockerfile.j2' }), 'template, certain');
    assert.equal(purpose({ text: 'FROM {{ base_image }}\n' }), 'template, certain');
    assert.equal(purpose({ text: 'FROM a\n{% if gpu %}\nRUN x\n{% endif %}\n' }), 'template, certain');
    assert.equal(purpose({ text: 'FROM a\nENV V={{ version }}\n' }), 'template, certain');
  });

  it('is no template for braces inside RUN', () => {
    const text =
      "FROM a\nRUN docker inspect -f '{{.Id}}' x && echo '{{ y }}' && awk '{print $1}'\nCMD [\"a\"]\n";
    assert.equal(purpose({ text, command: server }), 'serving, certain');
  });
});
