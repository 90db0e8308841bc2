import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { logicalText } from '../../../server/src/project/dockerfile/logicalText';
import { SourceText } from '../../../server/src/project/sourceText';

function logical(text: string): string {
  return logicalText(new SourceText('Dockerfile', text), { start: 0, end: text.length }, '\\');
}

describe('logicalText', () => {
  it('blanks a comment line inside a continuation and keeps every offset', () => {
    const text = 'a \\\n# note\nb';
    assert.equal(logical(text), 'a'.padEnd(text.length - 1) + 'b');
  });

  it('does so with Windows line ends', () => {
    const text = 'a \\\r\n  # note\r\n  b';
    assert.equal(logical(text), 'a'.padEnd(text.length - 1) + 'b');
  });
});
