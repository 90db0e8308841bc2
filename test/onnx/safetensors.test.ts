import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesSource } from '../../server/src/onnx/byteSource';
import { readSafetensors } from '../../server/src/onnx/safetensors';

function file(header: string, dataBytes: number): Uint8Array {
  const text = Buffer.from(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, Buffer.alloc(dataBytes)]);
}

describe('a safetensors header', () => {
  it('tells names, types, shapes and bytes', () => {
    const bytes = file(
      '{"__metadata__":{"format":"pt"},"w":{"dtype":"F16","shape":[2,3],"data_offsets":[0,12]}}',
      12,
    );
    assert.deepEqual(readSafetensors(bytesSource(bytes)), [
      { name: 'w', dtype: 'F16', dims: [2, 3], bytes: 12 },
    ]);
  });

  it('is read from the beginning of a large file', () => {
    const bytes = file('{"w":{"dtype":"F32","shape":[1000],"data_offsets":[0,4000]}}', 0);
    assert.equal(readSafetensors(bytesSource(bytes, bytes.length + 4000))[0]?.bytes, 4000);
  });

  for (const [what, bytes] of [
    ['shorter than a length', Buffer.from('abc')],
    ['with a length beyond the file', Buffer.from('ffffffffffffff7f7b7d', 'hex')],
    ['that is no JSON', file('{"w":', 0)],
    ['that is a list', file('[1]', 0)],
    ['with a tensor outside the file', file('{"w":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}', 8)],
    ['with a negative shape', file('{"w":{"dtype":"F32","shape":[-4],"data_offsets":[0,0]}}', 8)],
  ] as const) {
    it(`${what} is refused`, () =>
      assert.throws(() => readSafetensors(bytesSource(bytes)), { name: 'Error', message: /cannot be read/ }));
  }
});
