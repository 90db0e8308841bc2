import { dataType } from '../../onnx/dataType';
import type { TensorOut } from '../../onnx/modelEdit';
import type { Tensor } from '../../onnx/tensor';
import { bytesAt, floatsAt, kernels, layOut } from '../kernels/kernels';
import type { ModelFile } from '../modelFile';

/** Numbers that share a scale: 32 neighbours along the summed axis, as transformers.js' q4. */
export const blockSize = 32;

/** Codes of a weight held at a time; a wider weight is read in panels of columns. */
const panelBytes = 32 * 1024 * 1024;

const readFloats = 1024 * 1024;

/** The tensors of MatMulNBits: codes [N, blocks, 16], scales [N, blocks], zero points as nibbles when asymmetric. */
export interface BlockTensors {
  readonly codes: TensorOut;
  readonly scales: TensorOut;
  readonly zeros: TensorOut | undefined;
}

/**
 * 4-bit blocks of a weight: [K, N] as MatMul wants it, or `transposed` [N, K] as Gemm with transB does. Scales
 * and zero points exist once the codes are made; the three are written in this order.
 */
export function blockTensors(
  file: ModelFile,
  tensor: Tensor,
  transposed: boolean,
  symmetric: boolean,
  names: { codes: string; scales: string; zeros: string },
): BlockTensors {
  const [first = 0, second = 0] = tensor.dims;
  const [k, n] = transposed ? [second, first] : [first, second];
  const blocks = Math.ceil(k / blockSize);
  const scales = new Float32Array(n * blocks);
  const zeros = new Uint8Array(symmetric ? 0 : n * blocks);
  const zeroRow = Math.ceil(blocks / 2);
  return {
    codes: {
      name: names.codes,
      dataType: dataType.uint8,
      dims: [n, blocks, blockSize / 2],
      bytes: n * blocks * (blockSize / 2),
      make: () =>
        transposed
          ? rowBlocks(file, tensor, k, n, scales, zeros)
          : columnBlocks(file, tensor, k, n, scales, zeros),
    },
    scales: {
      name: names.scales,
      dataType: dataType.float32,
      dims: [n, blocks],
      bytes: scales.byteLength,
      make: () => [new Uint8Array(scales.buffer)],
    },
    zeros: symmetric
      ? undefined
      : {
          name: names.zeros,
          dataType: dataType.uint8,
          dims: [n, zeroRow],
          bytes: n * zeroRow,
          make: () => [nibblePairs(zeros, n, blocks)],
        },
  };
}

function* columnBlocks(
  file: ModelFile,
  tensor: Tensor,
  k: number,
  n: number,
  scales: Float32Array,
  zeros: Uint8Array,
): Generator<Uint8Array> {
  const blocks = Math.ceil(k / blockSize);
  const columnBytes = blocks * (blockSize / 2);
  // A multiple of 4, the columns a kernel takes at a time.
  const width = Math.min(Math.ceil(n / 4) * 4, Math.max(4, Math.floor(panelBytes / columnBytes / 4) * 4));
  const blocksPerRead = Math.max(1, Math.min(blocks, Math.floor(readFloats / (width * blockSize))));
  for (let column = 0; column < n; column += width) {
    const columns = Math.min(width, n - column);
    const rounded = Math.ceil(columns / 4) * 4;
    const [source = 0, target = 0, scaleAt = 0, zeroAt = 0] = layOut(
      blocksPerRead * blockSize * columns * 4,
      rounded * columnBytes,
      rounded * blocks * 4,
      rounded * blocks,
    );
    for (let block = 0; block < blocks; block += blocksPerRead) {
      const count = Math.min(blocksPerRead, blocks - block);
      readPanel(
        file,
        tensor,
        { k, n, row: block * blockSize, rows: count * blockSize, column, columns },
        source,
      );
      for (let index = 0; index < count; index += 1) {
        const at = block + index;
        kernels().blockOfColumns(
          source + index * blockSize * columns * 4,
          columns,
          rounded,
          target + at * (blockSize / 2),
          columnBytes,
          scaleAt + at * 4,
          zeroAt + at,
          blocks,
          zeros.length === 0,
        );
      }
    }
    scales.set(floatsAt(scaleAt, columns * blocks), column * blocks);
    if (zeros.length > 0) zeros.set(bytesAt(zeroAt, columns * blocks), column * blocks);
    yield bytesAt(target, columns * columnBytes);
  }
}

/** Rows past the last are zero: a block that K does not fill is padded. */
function readPanel(
  file: ModelFile,
  tensor: Tensor,
  panel: { k: number; n: number; row: number; rows: number; column: number; columns: number },
  source: number,
): void {
  const { k, n, row, rows, column, columns } = panel;
  const present = Math.min(rows, k - row);
  if (columns === n) file.readNumbers(tensor, row * n * 4, bytesAt(source, present * n * 4));
  else
    for (let index = 0; index < present; index += 1)
      file.readNumbers(
        tensor,
        ((row + index) * n + column) * 4,
        bytesAt(source + index * columns * 4, columns * 4),
      );
  bytesAt(source + present * columns * 4, (rows - present) * columns * 4).fill(0);
}

function* rowBlocks(
  file: ModelFile,
  tensor: Tensor,
  k: number,
  n: number,
  scales: Float32Array,
  zeros: Uint8Array,
): Generator<Uint8Array> {
  const blocks = Math.ceil(k / blockSize);
  const rowBytes = blocks * blockSize * 4;
  const step = Math.max(1, Math.min(n, Math.floor((readFloats * 4) / rowBytes)));
  for (let row = 0; row < n; row += step) {
    const rows = Math.min(step, n - row);
    const [source = 0, target = 0, scaleAt = 0, zeroAt = 0] = layOut(
      step * rowBytes,
      step * blocks * (blockSize / 2),
      step * blocks * 4,
      step * blocks,
    );
    if (k % blockSize === 0) file.readNumbers(tensor, row * k * 4, bytesAt(source, rows * rowBytes));
    else {
      bytesAt(source, rows * rowBytes).fill(0);
      for (let index = 0; index < rows; index += 1)
        file.readNumbers(tensor, (row + index) * k * 4, bytesAt(source + index * rowBytes, k * 4));
    }
    kernels().blocksOfRow(source, rows * blocks, target, scaleAt, zeroAt, zeros.length === 0);
    scales.set(floatsAt(scaleAt, rows * blocks), row * blocks);
    if (zeros.length > 0) zeros.set(bytesAt(zeroAt, rows * blocks), row * blocks);
    yield bytesAt(target, rows * blocks * (blockSize / 2));
  }
}

/** One zero point a byte -> two a byte, the even block in the low nibble; the unused last nibble is zero. */
function nibblePairs(zeros: Uint8Array, n: number, blocks: number): Uint8Array {
  const row = Math.ceil(blocks / 2);
  const packed = new Uint8Array(n * row);
  for (let index = 0; index < zeros.length; index += 1) {
    const block = index % blocks;
    const at = Math.floor(index / blocks) * row + (block >> 1);
    packed[at] = (packed[at] ?? 0) | ((zeros[index] ?? 0) << (block % 2 === 0 ? 0 : 4));
  }
  return packed;
}
