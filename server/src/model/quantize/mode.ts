import { ModelError } from '../../onnx/modelError';
import type { OnnxModel } from '../../onnx/readOnnx';
import { tensorBytes } from '../../onnx/tensor';
import type { Message } from '../../protocol/message';
import { quantizationOf } from '../../onnx/quantizationOf';
import { roleOf } from './role';
import { findWeights } from './weights';

export const modes = ['fp16-storage', 'int8', 'int8-weights', 'int4', 'fp16', 'qdq'] as const;
export type Mode = (typeof modes)[number];

export const targets = ['unknown', 'vnni', 'avx2', 'arm', 'small-memory', 'tensorrt'] as const;
/** What the model will run on: `vnni`, `avx2` and `arm` are CPUs with and without 8-bit dot products. */
export type Target = (typeof targets)[number];

/** Above this share of its bytes in convolutions a model counts as a CNN. */
const convolutional = 0.5;

/** The mode for a model on a target, and why. Throws a ModelError when the model has nothing left to shrink. */
export function recommendedMode(
  model: OnnxModel,
  target: Target,
): { readonly mode: Mode; readonly why: Message } {
  const state = quantizationOf(model);
  if (state !== 'none') {
    throw new ModelError({
      code: 'model-already-quantized',
      what: { template: 'The model is already quantized ({state})', with: { state } },
      why: { template: 'Quantizing a second time loses accuracy and saves little' },
      next: [{ template: 'Start from the float32 model, or name a mode' }],
    });
  }
  if (target === 'tensorrt')
    return {
      mode: 'fp16',
      why: {
        template:
          'TensorRT 11 takes the precision from the model, and half precision is what its kernels are fastest at without calibration',
      },
    };
  const bytes = { conv: 0, matmul: 0, other: 0 };
  for (const weight of findWeights(model)) {
    const { kind } = roleOf(weight);
    bytes[kind === 'conv' ? 'conv' : kind === 'mixed' ? 'other' : 'matmul'] += tensorBytes(weight.tensor);
  }
  const total = bytes.conv + bytes.matmul + bytes.other;
  if (bytes.conv > total * convolutional) {
    return {
      mode: 'fp16-storage',
      why: {
        template:
          'Most weights are convolutions: 8-bit ones run slower on CPUs and lose accuracy, half storage costs neither',
      },
    };
  }
  if (bytes.matmul < total / 2) {
    return {
      mode: 'fp16-storage',
      why: {
        template: 'Few of the weights are matrix products or embeddings; half storage works for all of them',
      },
    };
  }
  if (target === 'small-memory')
    return {
      mode: 'int4',
      why: {
        template:
          '4-bit blocks take the least memory; verify the result, the error is about ten times that of 8 bits',
      },
    };
  if (target === 'unknown')
    return {
      mode: 'int8-weights',
      why: {
        template: 'Most weights are matrix products, and 8-bit weights give the same answers on every CPU',
      },
    };
  return {
    mode: 'int8',
    why: { template: 'Most weights are matrix products, and this CPU multiplies 8-bit codes directly' },
  };
}
