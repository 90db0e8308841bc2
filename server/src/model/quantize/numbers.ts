import { dataType } from '../../onnx/dataType';
import type { TensorOut } from '../../onnx/modelEdit';
import { type Tensor, elementCount } from '../../onnx/tensor';
import { bytesAt, floatsAt, kernels, layOut } from '../kernels/kernels';
import type { ModelFile } from '../modelFile';
import type { Scheme, Step } from './scheme';

/**
 * A tensor seen as a matrix with one scale for each row or each column. Embeddings and convolutions go by rows
 * (a row is one word, one filter), MatMul weights [K, N] by columns; one row holding everything is one scale.
 */
export interface Layout {
  readonly by: 'rows' | 'columns';
  readonly rows: number;
  readonly columns: number;
}

/** Numbers in memory at a time. More is not faster; less means more calls. */
const chunkFloats = 1024 * 1024;

/** Smallest and largest number of each row or column. */
export interface Ranges {
  readonly lows: Float32Array;
  readonly highs: Float32Array;
}

export function measure(file: ModelFile, tensor: Tensor, layout: Layout): Ranges {
  const { by, rows, columns } = layout;
  const count = by === 'rows' ? rows : columns;
  const lows = new Float32Array(count).fill(Number.POSITIVE_INFINITY);
  const highs = new Float32Array(count).fill(Number.NEGATIVE_INFINITY);
  if (by === 'rows') {
    for (const part of rowParts(file, tensor, layout, 8)) {
      const range = part.extra;
      floatsAt(range, 2).set([lows[part.row] ?? 0, highs[part.row] ?? 0]);
      kernels().rowRange(part.address, part.count, range);
      const [low = 0, high = 0] = floatsAt(range, 2);
      lows[part.row] = low;
      highs[part.row] = high;
    }
    return { lows, highs };
  }
  for (const chunk of columnChunks(file, tensor, layout, count * 8 + 64)) {
    const lowAt = chunk.extra;
    const highAt = lowAt + Math.ceil(count / 4) * 16 + 16;
    floatsAt(lowAt, count).set(lows);
    floatsAt(highAt, count).set(highs);
    kernels().columnRanges(chunk.address, chunk.rows, columns, lowAt, highAt);
    lows.set(floatsAt(lowAt, count));
    highs.set(floatsAt(highAt, count));
  }
  return { lows, highs };
}

/** 8-bit codes of a tensor, in its own order. `steps` has one entry per row or column of the layout. */
export function codesTensor(
  file: ModelFile,
  tensor: Tensor,
  name: string,
  layout: Layout,
  scheme: Scheme,
  steps: readonly Step[],
): TensorOut {
  return {
    name,
    dims: tensor.dims,
    dataType: scheme.signed ? dataType.int8 : dataType.uint8,
    bytes: elementCount(tensor.dims),
    *make() {
      const { low, high } = scheme;
      if (layout.by === 'rows') {
        for (const part of rowParts(file, tensor, layout, chunkFloats)) {
          const { scale, zero } = steps[part.row] ?? { scale: 1, zero: 0 };
          kernels().quantizeRow(part.address, part.count, scale, zero, low, high, part.extra);
          yield bytesAt(part.extra, part.count);
        }
        return;
      }
      const scales = Float32Array.from(steps, ({ scale }) => scale);
      const zeros = Float32Array.from(steps, ({ zero }) => zero);
      const stepBytes = Math.ceil(layout.columns / 16) * 64 + 64;
      for (const chunk of columnChunks(
        file,
        tensor,
        layout,
        stepBytes * 2 + chunkRows(layout) * layout.columns,
      )) {
        const [scaleAt, zeroAt, target] = [chunk.extra, chunk.extra + stepBytes, chunk.extra + stepBytes * 2];
        floatsAt(scaleAt, scales.length).set(scales);
        floatsAt(zeroAt, zeros.length).set(zeros);
        kernels().quantizeColumns(
          chunk.address,
          chunk.rows,
          layout.columns,
          scaleAt,
          zeroAt,
          low,
          high,
          target,
        );
        yield bytesAt(target, chunk.rows * layout.columns);
      }
    },
  };
}

/** Largest finite half. */
export const largestHalf = 65_504;

/** The tensor in half precision; with `clamp`, what is beyond the largest half becomes that, but infinity stays. */
export function halfTensor(file: ModelFile, tensor: Tensor, name: string, clamp = false): TensorOut {
  const count = elementCount(tensor.dims);
  return {
    name,
    dims: tensor.dims,
    dataType: dataType.float16,
    bytes: count * 2,
    *make() {
      for (const part of rowParts(file, tensor, { by: 'rows', rows: 1, columns: count }, chunkFloats * 2)) {
        if (clamp) clampFinite(floatsAt(part.address, part.count));
        kernels().halves(part.address, part.count, part.extra);
        yield bytesAt(part.extra, part.count * 2);
      }
    },
  };
}

function clampFinite(values: Float32Array): void {
  values.forEach((value, index) => {
    if (Number.isFinite(value)) values[index] = Math.max(-largestHalf, Math.min(largestHalf, value));
  });
}

export function floatTensor(name: string, dims: readonly number[], values: ArrayLike<number>): TensorOut {
  const bytes = new Uint8Array(Float32Array.from(values).buffer);
  return { name, dims, dataType: dataType.float32, bytes: bytes.length, make: () => [bytes] };
}

export function codeTensor(
  name: string,
  dims: readonly number[],
  values: readonly number[],
  scheme: Scheme,
): TensorOut {
  const bytes = Uint8Array.from(values, (value) => value & 255);
  return {
    name,
    dims,
    dataType: scheme.signed ? dataType.int8 : dataType.uint8,
    bytes: bytes.length,
    make: () => [bytes],
  };
}

/**
 * Reads a tensor row by row into the kernels' memory; rows too long for a chunk come in parts, short ones are
 * read many at a time. `extra` is the address of a scratch buffer of `extraBytes`.
 */
function* rowParts(
  file: ModelFile,
  tensor: Tensor,
  { rows, columns }: Layout,
  extraBytes: number,
): Generator<{ row: number; address: number; count: number; extra: number }> {
  const total = rows * columns;
  for (let start = 0; start < total; start += chunkFloats) {
    const count = Math.min(chunkFloats, total - start);
    const [source = 0, extra = 0] = layOut(chunkFloats * 4, extraBytes);
    file.readNumbers(tensor, start * 4, bytesAt(source, count * 4));
    for (let at = start; at < start + count; ) {
      const row = Math.floor(at / columns);
      const end = Math.min((row + 1) * columns, start + count);
      yield { row, address: source + (at - start) * 4, count: end - at, extra };
      at = end;
    }
  }
}

function chunkRows({ rows, columns }: Layout): number {
  return Math.min(rows, Math.max(1, Math.floor(chunkFloats / columns)));
}

function* columnChunks(
  file: ModelFile,
  tensor: Tensor,
  layout: Layout,
  extraBytes: number,
): Generator<{ address: number; rows: number; extra: number }> {
  const step = chunkRows(layout);
  for (let row = 0; row < layout.rows; row += step) {
    const rows = Math.min(step, layout.rows - row);
    const [address = 0, extra = 0] = layOut(step * layout.columns * 4, extraBytes);
    file.readNumbers(tensor, row * layout.columns * 4, bytesAt(address, rows * layout.columns * 4));
    yield { address, rows, extra };
  }
}
