import { dataType } from '../../onnx/dataType';
import { type Graph, type Node, attributeOf } from '../../onnx/graph';
import { ModelError } from '../../onnx/modelError';

/** Element types of values by name. A value of no tensor type (sequence, map) is 0. */
export type ValueTypes = ReadonlyMap<string, number>;

/** Types of outputs that are the same whatever comes in (ONNX operator reference). By index; the last repeats. */
const fixedOutputs: Readonly<Record<string, readonly (number | 'first')[]>> = {
  Shape: [dataType.int64],
  Size: [dataType.int64],
  NonZero: [dataType.int64],
  ArgMax: [dataType.int64],
  ArgMin: [dataType.int64],
  NonMaxSuppression: [dataType.int64],
  Equal: [dataType.bool],
  Less: [dataType.bool],
  LessOrEqual: [dataType.bool],
  Greater: [dataType.bool],
  GreaterOrEqual: [dataType.bool],
  Not: [dataType.bool],
  And: [dataType.bool],
  Or: [dataType.bool],
  Xor: [dataType.bool],
  IsNaN: [dataType.bool],
  IsInf: [dataType.bool],
  TopK: ['first', dataType.int64],
  MaxPool: ['first', dataType.int64],
  Dropout: ['first', dataType.bool],
  Unique: ['first', dataType.int64],
};

/** Operators whose output is of the type of another input than the first. */
const typedBy: Readonly<Record<string, number>> = { Where: 1, OneHot: 2, Pad: 0, Gather: 0 };

/** Operators whose outputs all have the type of the first input, as far as they occur in real models. */
const sameType = new Set(
  'Abs Acos Add And Asin Atan AveragePool BatchNormalization BitShift Ceil Celu Clip Compress Concat Conv ConvTranspose Cos Cosh CumSum DepthToSpace Div Einsum Elu Erf Exp Expand Flatten Floor Gather GatherElements GatherND Gelu Gemm GlobalAveragePool GlobalMaxPool GRU GridSample GroupNormalization HardSigmoid HardSwish Hardmax Identity InstanceNormalization LRN LSTM LayerNormalization LeakyRelu Log LogSoftmax LpNormalization MatMul Max Mean MeanVarianceNormalization Min Mish Mod Mul Neg PRelu Pad Pow RNN Range Reciprocal ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare Relu Reshape Resize RMSNormalization Round ScatterElements ScatterND Selu Sigmoid Sign Sin Sinh Slice Softmax Softplus Softsign SpaceToDepth Split Sqrt Squeeze Sub Sum Swish Tan Tanh ThresholdedRelu Tile Transpose Trilu Unsqueeze Upsample'.split(
    ' ',
  ),
);

/** Types of every value of a graph without subgraphs. Throws a ModelError at an operator it does not know. */
export function valueTypes(graph: Graph): ValueTypes {
  const types = new Map<string, number>();
  for (const { name, elementType } of [...graph.inputs, ...graph.outputs, ...graph.valueInfos])
    types.set(name, elementType);
  for (const { name, dataType: type } of graph.initializers) types.set(name, type);
  for (const node of graph.nodes) {
    node.outputs.forEach((name, index) => {
      if (name !== '' && !types.has(name)) types.set(name, typeOf(node, index, types));
    });
  }
  return types;
}

function typeOf(node: Node, output: number, types: ValueTypes): number {
  const { opType, inputs } = node;
  const fixed = fixedOutputs[opType];
  const entry = fixed?.[Math.min(output, fixed.length - 1)];
  if (typeof entry === 'number') return entry;
  if (opType === 'Cast') return attributeOf(node, 'to')?.int ?? dataType.float32;
  if (opType === 'Constant') return constantType(node);
  if (opType === 'ConstantOfShape') return attributeOf(node, 'value')?.tensor?.dataType ?? dataType.float32;
  const by = typedBy[opType] ?? 0;
  const type = types.get(inputs[by] ?? '');
  if (
    (entry === 'first' || opType in typedBy || (node.domain === '' && sameType.has(opType))) &&
    type !== undefined
  )
    return type;
  throw unknownOperator(node);
}

function constantType(node: Node): number {
  const tensor = attributeOf(node, 'value')?.tensor;
  if (tensor) return tensor.dataType;
  return node.attributes.some(({ name }) => name.startsWith('value_int')) ? dataType.int64 : dataType.float32;
}

export function unknownOperator({ opType, name }: Node): ModelError {
  return new ModelError({
    code: 'operator-not-converted',
    what: { template: 'The model cannot be made to compute in half precision' },
    why: {
      template: 'The operator {operator} of {name} is not one whose types are known',
      with: { operator: opType, name },
    },
    next: [{ template: 'Use --mode fp16-storage, which works with every operator' }],
  });
}
