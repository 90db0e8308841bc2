import { type Node, attributeOf } from '../../onnx/graph';
import type { Layout } from './numbers';
import type { Weight } from './weights';

/**
 * What a weight is to all its consumers; `mixed` when they disagree or one of them is not known. The layout
 * gives one scale per output channel.
 */
export type Role =
  | {
      readonly kind: 'matmul' | 'gemm' | 'conv' | 'embedding';
      readonly layout: Layout;
      readonly axis: number;
      readonly transposed: boolean;
    }
  | { readonly kind: 'mixed' };

/** Fewer summed numbers than this leave nothing to win (reference of the policy: transformers.js, Olive). */
const shortestSum = 16;

export function roleOf(weight: Weight): Role {
  const roles = weight.uses.map(({ node, input }) => useOf(node, input, weight.tensor.dims));
  const [first] = roles;
  return first && roles.every((role) => JSON.stringify(role) === JSON.stringify(first))
    ? first
    : { kind: 'mixed' };
}

function useOf(node: Node, input: number, dims: readonly number[]): Role {
  const [rows = 0, columns = 0] = dims;
  if (node.domain !== '') return { kind: 'mixed' };
  if (node.opType === 'MatMul' && input === 1 && dims.length === 2 && rows >= shortestSum) {
    return { kind: 'matmul', layout: { by: 'columns', rows, columns }, axis: 1, transposed: false };
  }
  if (node.opType === 'Gemm' && input === 1 && dims.length === 2 && plainGemm(node)) {
    const transposed = attributeOf(node, 'transB')?.int === 1;
    if ((transposed ? columns : rows) < shortestSum) return { kind: 'mixed' };
    return {
      kind: 'gemm',
      layout: { by: transposed ? 'rows' : 'columns', rows, columns },
      axis: transposed ? 0 : 1,
      transposed,
    };
  }
  if (node.opType === 'Conv' && input === 1 && dims.length >= 3) {
    return {
      kind: 'conv',
      layout: { by: 'rows', rows, columns: dims.slice(1).reduce((product, dim) => product * dim, 1) },
      axis: 0,
      transposed: false,
    };
  }
  if (
    node.opType === 'Gather' &&
    input === 0 &&
    dims.length === 2 &&
    (attributeOf(node, 'axis')?.int ?? 0) === 0
  ) {
    return { kind: 'embedding', layout: { by: 'rows', rows, columns }, axis: 0, transposed: false };
  }
  return { kind: 'mixed' };
}

/** y = a b + c, nothing scaled. */
function plainGemm(node: Node): boolean {
  const alpha = attributeOf(node, 'alpha')?.float ?? 1;
  const beta = attributeOf(node, 'beta')?.float ?? 1;
  return alpha === 1 && beta === 1 && (attributeOf(node, 'transA')?.int ?? 0) === 0;
}
