import { kernelBytes } from './kernelBytes';

// A global of every runtime this runs in; Node's types leave it to the browser's.
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
};

/** The exports of scripts/kernels/kernels.as, which documents them. Addresses are byte offsets into `memory`. */
interface KernelExports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  rowRange(source: number, count: number, range: number): void;
  columnRanges(source: number, rows: number, columns: number, lows: number, highs: number): void;
  quantizeRow(
    source: number,
    count: number,
    scale: number,
    zero: number,
    low: number,
    high: number,
    target: number,
  ): void;
  quantizeColumns(
    source: number,
    rows: number,
    columns: number,
    scales: number,
    zeros: number,
    low: number,
    high: number,
    target: number,
  ): void;
  halves(source: number, count: number, target: number): void;
  blockOfColumns(
    source: number,
    stride: number,
    columns: number,
    target: number,
    targetStride: number,
    scales: number,
    zeros: number,
    scaleStride: number,
    symmetric: boolean,
  ): void;
  blocksOfRow(
    source: number,
    blocks: number,
    target: number,
    scales: number,
    zeros: number,
    symmetric: boolean,
  ): void;
}

const pageBytes = 65_536;

/** Kernels may read and write this far past a buffer; 64 would do, and keeps buffers aligned. */
const slackBytes = 128;

let loaded: KernelExports | undefined;

export function kernels(): KernelExports {
  loaded ??= new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(kernelBytes, 'base64')))
    .exports as KernelExports;
  return loaded;
}

/**
 * Lays out buffers of the given byte lengths in the kernels' memory, from the start: what an earlier call laid
 * out is lost. Returns their addresses. Growing the memory detaches views of it, so views are made after this.
 */
export function layOut(...lengths: readonly number[]): number[] {
  const { memory } = kernels();
  const addresses: number[] = [];
  let end = slackBytes;
  for (const length of lengths) {
    addresses.push(end);
    end += Math.ceil(length / 16) * 16 + slackBytes;
  }
  const missing = end - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / pageBytes));
  return addresses;
}

export function bytesAt(address: number, length: number): Uint8Array {
  return new Uint8Array(kernels().memory.buffer, address, length);
}

export function floatsAt(address: number, count: number): Float32Array {
  return new Float32Array(kernels().memory.buffer, address, count);
}
