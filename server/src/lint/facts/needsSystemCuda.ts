/** Packages that load CUDA or cuDNN libraries of the image, where torch's wheels bring their own. */
const loadsSystemCuda = new Set([
  'onnxruntime-gpu',
  'ctranslate2',
  'faster-whisper',
  'tensorrt',
  'tensorflow',
  'paddlepaddle-gpu',
  'mxnet',
  'nvidia-dali-cuda120',
  'pynvcodec',
  'faiss-gpu',
  'faiss-gpu-cu12',
  'cupy',
  'cupy-cuda11x',
  'cupy-cuda12x',
  'cupy-cuda13x',
  'pycuda',
  'whisperx',
  'torch-tensorrt',
  'xgboost',
  'lightgbm',
  'opencv-contrib-python-cuda',
]);

export function needsSystemCuda(packages: ReadonlySet<string>): boolean {
  return [...packages].some((name) => loadsSystemCuda.has(name) || /^tensorrt[-_]/.test(name));
}
