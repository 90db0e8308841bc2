import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { bytesAt, floatsAt, kernels, layOut } from '../../server/src/model/kernels/kernels';
import { numbers } from '../onnx/onnxBytes';

const { fround } = Math;

/** Bit arithmetic straight from IEEE 754: nearest, ties to even. */
function halfBits(value: number): number {
  const bits = new DataView(new ArrayBuffer(4));
  bits.setFloat32(0, value);
  const raw = bits.getUint32(0);
  const sign = (raw >>> 16) & 0x8000;
  if (Number.isNaN(value)) return sign | 0x7e00;
  const magnitude = Math.abs(value);
  if (magnitude >= 65_520) return sign | 0x7c00;
  const exponent = Math.max(Math.floor(Math.log2(magnitude || 1e-30)), -14);
  const step = 2 ** (exponent - 10);
  let steps = Math.floor(magnitude / step);
  const rest = magnitude / step - steps;
  if (rest > 0.5 || (rest === 0.5 && steps % 2 === 1)) steps += 1;
  return sign | (exponent === -14 ? steps : (exponent + 14) * 1024 + steps);
}

describe('weight kernels', () => {
  it('are what scripts/kernels builds from its source', () => {
    const script =
      "import('./scripts/kernels/build.mjs').then((m) => m.kernelBytesText()).then((text) => process.stdout.write(text))";
    const built = execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' });
    assert.equal(readFileSync('server/src/model/kernels/kernelBytes.ts', 'utf8'), built);
  });

  it('round to halves as IEEE 754 says, from the smallest to the largest', () => {
    const values = Float32Array.from([
      0,
      -0,
      1,
      -1,
      65_504,
      65_519,
      65_520,
      1e6,
      -1e6,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      2 ** -24,
      2 ** -25,
      3 * 2 ** -25,
      2 ** -14,
      6.1e-5,
      1 + 2 ** -11,
      1 + 3 * 2 ** -11,
      ...numbers(500),
      ...numbers(500, 7).map((value) => value * 1e-5),
      ...numbers(500, 9).map((value) => value * 7e4),
    ]);
    const [source = 0, target = 0] = layOut(values.byteLength, values.length * 2);
    floatsAt(source, values.length).set(values);
    kernels().halves(source, values.length, target);
    const made = new Uint16Array(bytesAt(target, values.length * 2).slice().buffer);
    assert.deepEqual([...made], Array.from(values, halfBits));
  });

  it('find the range of every row and column, whatever its length', () => {
    for (const columns of [1, 3, 4, 5, 17, 64]) {
      const values = numbers(columns * 6, columns);
      const [source = 0, range = 0, lows = 0, highs = 0] = layOut(
        values.byteLength,
        8,
        columns * 4 + 16,
        columns * 4 + 16,
      );
      floatsAt(source, values.length).set(values);
      floatsAt(range, 2).set([Infinity, -Infinity]);
      kernels().rowRange(source, values.length, range);
      assert.deepEqual([...floatsAt(range, 2)], [Math.min(...values), Math.max(...values)]);
      floatsAt(lows, columns).fill(Infinity);
      floatsAt(highs, columns).fill(-Infinity);
      kernels().columnRanges(source, 6, columns, lows, highs);
      const column = (index: number) =>
        Array.from({ length: 6 }, (_, row) => values[row * columns + index] ?? 0);
      assert.deepEqual(
        [...floatsAt(lows, columns)],
        Array.from({ length: columns }, (_, index) => Math.min(...column(index))),
      );
      assert.deepEqual(
        [...floatsAt(highs, columns)],
        Array.from({ length: columns }, (_, index) => Math.max(...column(index))),
      );
    }
  });

  it('quantize rows and columns to the codes of numpy: divide, half to even, shift, clip', () => {
    const nearestEven = (value: number) => {
      const floor = Math.floor(value);
      if (value - floor !== 0.5) return Math.round(value);
      return floor % 2 === 0 ? floor : floor + 1;
    };
    for (const [zero, low, high] of [
      [0, -127, 127],
      [131, 0, 255],
      [0, -64, 64],
    ] as const) {
      const columns = 21;
      const values = numbers(columns * 5, 3);
      values[0] = fround(0.0125 * 2.5);
      const scales = Float32Array.from({ length: columns }, (_, index) => 0.0125 + index * 0.001);
      const expected = [...values].map(
        (value, index) =>
          Math.min(high, Math.max(low, nearestEven(fround(value / (scales[index % columns] ?? 1))) + zero)) &
          255,
      );
      const [source = 0, scaleAt = 0, zeroAt = 0, target = 0] = layOut(
        values.byteLength,
        128,
        128,
        values.length,
      );
      floatsAt(source, values.length).set(values);
      floatsAt(scaleAt, columns).set(scales);
      floatsAt(zeroAt, columns).fill(zero);
      kernels().quantizeColumns(source, 5, columns, scaleAt, zeroAt, low, high, target);
      assert.deepEqual([...bytesAt(target, values.length)], expected);
      kernels().quantizeRow(source, 13, scales[0] ?? 1, zero, low, high, target);
      const row = Array.from(
        values.slice(0, 13),
        (value) => Math.min(high, Math.max(low, nearestEven(fround(value / (scales[0] ?? 1))) + zero)) & 255,
      );
      assert.deepEqual([...bytesAt(target, 13)], row);
    }
  });

  for (const symmetric of [true, false]) {
    it(`give a block the same ${symmetric ? 'symmetric' : 'asymmetric'} codes by column and by row`, () => {
      const [k, n] = [64, 12];
      const byRow = numbers(k * n, 5);
      const byColumn = Float32Array.from(
        { length: k * n },
        (_, index) => byRow[(index % n) * k + Math.floor(index / n)] ?? 0,
      );
      const made = [0, 1].map((which) => {
        const [source = 0, target = 0, scales = 0, zeros = 0] = layOut(k * n * 4, n * 32, n * 8, n * 2);
        floatsAt(source, k * n).set(which === 0 ? byRow : byColumn);
        if (which === 0) kernels().blocksOfRow(source, (k / 32) * n, target, scales, zeros, symmetric);
        else
          for (const block of [0, 1])
            kernels().blockOfColumns(
              source + block * 32 * n * 4,
              n,
              n,
              target + block * 16,
              32,
              scales + block * 4,
              zeros + block,
              2,
              symmetric,
            );
        return {
          codes: [...bytesAt(target, n * 32)],
          scales: [...floatsAt(scales, n * 2)],
          zeros: symmetric ? [] : [...bytesAt(zeros, n * 2)],
        };
      });
      assert.deepEqual(made[0], made[1]);
      const [first] = made;
      assert.ok(first);
      const { codes, scales, zeros } = first;
      const worst = Math.max(
        ...[...byRow].map((value, index) => {
          const block = Math.floor(index / 32);
          const code = ((codes[index >> 1] ?? 0) >> (index % 2 === 0 ? 0 : 4)) & 15;
          return (
            Math.abs(value - (code - (zeros[block] ?? 8)) * (scales[block] ?? 0)) /
            Math.abs(scales[block] ?? 1)
          );
        }),
      );
      // Half a step, and one at the end that code 15 cannot reach when symmetric.
      assert.ok(worst <= (symmetric ? 1.001 : 0.5001), String(worst));
    });
  }
});
