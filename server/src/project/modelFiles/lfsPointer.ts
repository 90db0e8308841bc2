import type { FileTree } from '../fileTree';

/** A Git LFS pointer is about 130 bytes; its specification allows 1024. */
const largestPointerBytes = 1024;

/** File names whose content is kept by Git LFS more than any other. */
const weightsName =
  /\.(?:safetensors|bin|onnx|onnx_data|onnx\.data|pt|pth|ckpt|gguf|ggml|h5|hdf5|keras|msgpack|ot|pb|tflite|engine|plan|mlmodel|pdiparams|pkl|pickle|joblib|spm|model)$/i;

/** Whether the file may be a pointer: named like weights, and far too small for them. */
export function mayBePointer(path: string, tree: FileTree): boolean {
  if (!weightsName.test(path)) return false;
  const bytes = tree.sizeOf(path);
  return bytes !== undefined && bytes > 0 && bytes <= largestPointerBytes;
}

/**
 * Bytes of the file that a Git LFS pointer stands for; undefined for a file that is no pointer or was not read.
 * Format: git-lfs docs/spec.md.
 */
export function pointedBytes(path: string, tree: FileTree): number | undefined {
  if (!mayBePointer(path, tree)) return undefined;
  const header = tree.headerOf(path);
  const text = header
    ? String.fromCharCode(...header.subarray(0, largestPointerBytes))
    : (tree.textOf(path) ?? '');
  if (!text.startsWith('version https://git-lfs.github.com/spec/')) return undefined;
  const size = /^size (\d{1,15})$/m.exec(text)?.[1];
  return size === undefined ? undefined : Number(size);
}
