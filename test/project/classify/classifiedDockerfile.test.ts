import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { absent, known, unknown } from '../../../server/src/project/answer';
import { classifiedDockerfile } from '../../../server/src/project/classify/classifiedDockerfile';
import {
  type Classification,
  classifyDockerfile,
} from '../../../server/src/project/classify/classifyDockerfile';
import { parseDockerfile } from '../../../server/src/project/dockerfile/parseDockerfile';
import { SourceText } from '../../../server/src/project/sourceText';

function read(text: string, target?: string): ReturnType<typeof classifiedDockerfile> {
  return classifiedDockerfile(parseDockerfile(new SourceText('Dockerfile', text)), target);
}

function classify(text: string, target?: string): Classification {
  return classifyDockerfile(read(text, target));
}

describe('what classification reads from a Dockerfile', () => {
  it('joins ENTRYPOINT and CMD', () => {
    assert.deepEqual(
      read('FROM a\nENTRYPOINT ["vllm","serve"]\nCMD ["m"]\n').command,
      known(['vllm', 'serve', 'm']),
    );
    assert.deepEqual(read('FROM a\nENTRYPOINT run.sh\nCMD ["m"]\n').command, known(['run.sh']));
    assert.deepEqual(
      read('FROM a\nCMD uvicorn app:app --port 80\n').command,
      known(['uvicorn', 'app:app', '--port', '80']),
    );
    assert.deepEqual(read('FROM a\nCMD $START\n').command, unknown);
    assert.deepEqual(read('FROM a\n').command, absent);
  });

  it('takes the stage that a build names', () => {
    const text = 'FROM a AS dev\nCMD ["bash"]\nFROM a AS prod\nCMD ["serve"]\n';
    assert.equal(classify(text).purpose, 'serving');
    assert.equal(classify(text, 'Dev').purpose, 'build-environment');
  });

  it('follows the chain of stages to the base', () => {
    const text = 'ARG BASE\nFROM ${BASE} AS one\nEXPOSE 80\nFROM one\nCMD ["serve"]\n';
    assert.equal(read(text).exposesPort, true);
    assert.equal(read(text).baseVariable, 'BASE');
    assert.equal(classify(text).purpose, 'chain-link');
    assert.equal(classify(text.replace('ARG BASE', 'ARG BASE=python:3.12')).purpose, 'serving');
  });

  it('reads a file without FROM', () => {
    assert.equal(classify('').purpose, 'serving');
    assert.equal(classify('').confidence, 'guess');
  });
});
