import { dataType } from '../../onnx/dataType';
import { type Node, attributeOf } from '../../onnx/graph';
import { type NodeOut, type RewiredNode, editOf } from '../../onnx/modelEdit';
import type { Tensor } from '../../onnx/tensor';
import { halfTensor } from './numbers';
import type { Rewrite } from './rewrite';
import { type ValueTypes, unknownOperator, valueTypes } from './valueTypes';

/** Operators that keep computing in float32 (onnxconverter-common's list), as halves are not enough or not allowed. */
const blocked = new Set(
  'ArrayFeatureExtractor Binarizer CastMap CategoryMapper DictVectorizer FeatureVectorizer Imputer LabelEncoder LinearClassifier LinearRegressor Normalizer OneHotEncoder SVMClassifier SVMRegressor Scaler TreeEnsembleClassifier TreeEnsembleRegressor ZipMap NonMaxSuppression TopK RoiAlign Resize Range CumSum Min Max Upsample'.split(
    ' ',
  ),
);

/**
 * Makes the main graph compute in half precision: inputs and outputs stay float32, with casts at the rim and
 * around operators that cannot follow. Throws a ModelError for a graph with subgraphs or unknown operators.
 */
export function computeInHalves(rewrite: Rewrite): void {
  const { graph } = rewrite.file.model;
  const nested = graph.nodes.find(({ attributes }) => attributes.some(({ graphs }) => graphs.length > 0));
  if (nested) throw unknownOperator(nested);
  new HalfCompute(rewrite, valueTypes(graph)).run();
}

class HalfCompute {
  /** Float32 twins of values, made once by a cast that stands before the first node that wants one. */
  private readonly wide = new Map<string, string>();
  private readonly stillFloat = new Set<string>();
  /** Values that only blocked operators read: the scales of Resize must stay float32 constants. */
  private readonly keptFloat: ReadonlySet<string>;

  constructor(
    private readonly rewrite: Rewrite,
    private readonly types: ValueTypes,
  ) {
    const { nodes, outputs } = rewrite.file.model.graph;
    const read = (wanted: boolean) =>
      nodes.filter(({ opType }) => blocked.has(opType) === wanted).flatMap(({ inputs }) => inputs);
    const elsewhere = new Set([...read(false), ...outputs.map(({ name }) => name)]);
    this.keptFloat = new Set(read(true).filter((name) => !elsewhere.has(name)));
  }

  run(): void {
    const { graph } = this.rewrite.file.model;
    const edit = editOf(this.rewrite.edit, graph);
    const outputs = new Set(
      graph.outputs.filter(({ elementType }) => elementType === dataType.float32).map(({ name }) => name),
    );
    const renamed = new Map<string, string>();
    const listed = new Set(graph.initializers.map(({ name }) => name));
    for (const input of graph.inputs) {
      if (input.elementType !== dataType.float32 || listed.has(input.name)) continue;
      const half = this.rewrite.fresh(`${input.name}_fp16`);
      renamed.set(input.name, half);
      this.wide.set(half, input.name);
      edit.first.push(this.cast(input.name, half, dataType.float16));
    }
    for (const tensor of graph.initializers) this.weight(tensor, edit);
    for (const node of graph.nodes) {
      const before: NodeOut[] = [];
      const after: NodeOut[] = [];
      const [first = ''] = node.outputs;
      if (node.opType === 'Constant' && this.keptFloat.has(first)) {
        this.stillFloat.add(first);
        continue;
      }
      const blocks =
        blocked.has(node.opType) || (this.types.get(first) === dataType.float32 && floatByDefinition(node));
      const inputs = node.inputs.map((name) => this.input(renamed.get(name) ?? name, name, blocks, before));
      const outs = node.outputs.map((name) => {
        if (this.types.get(name) !== dataType.float32) return name;
        const half = outputs.has(name) ? this.rewrite.fresh(`${name}_fp16`) : name;
        if (outputs.has(name)) {
          renamed.set(name, half);
          this.wide.set(half, name);
        }
        if (!blocks) {
          if (outputs.has(name)) after.push(this.cast(half, name, dataType.float32));
          return half;
        }
        const computed = outputs.has(name) ? name : this.rewrite.fresh(`${name}_fp32`);
        this.wide.set(half, computed);
        after.push(this.cast(computed, half, dataType.float16));
        return computed;
      });
      edit.nodes.set(node, [...before, this.rewired(node, inputs, outs), ...after]);
    }
    for (const { name, elementType } of graph.valueInfos) {
      if (elementType === dataType.float32 && !outputs.has(name)) edit.retyped.set(name, dataType.float16);
    }
  }

  private weight(tensor: Tensor, edit: ReturnType<typeof editOf>): void {
    if (tensor.dataType !== dataType.float32) return;
    if (tensor.data.kind === 'typed' || this.keptFloat.has(tensor.name)) {
      this.stillFloat.add(tensor.name);
      return;
    }
    const half = halfTensor(this.rewrite.file, tensor, tensor.name, true);
    edit.initializers.set(tensor, [half]);
    edit.droppedInputs.add(tensor.name);
    this.rewrite.changes.push({
      name: tensor.name,
      from: 'float32',
      to: 'float16',
      bytesBefore: half.bytes * 2,
      bytesAfter: half.bytes,
    });
  }

  /** The name under which a node gets an input of the type it computes in. */
  private input(name: string, original: string, wantsFloat: boolean, before: NodeOut[]): string {
    if (name === '' || this.types.get(original) !== dataType.float32) return name;
    if (this.stillFloat.has(name)) {
      if (wantsFloat) return name;
      const half = this.rewrite.fresh(`${name}_fp16`);
      before.push(this.cast(name, half, dataType.float16));
      return half;
    }
    if (!wantsFloat) return name;
    const known = this.wide.get(name);
    if (known !== undefined) return known;
    const wide = this.rewrite.fresh(`${name}_fp32`);
    this.wide.set(name, wide);
    before.push(this.cast(name, wide, dataType.float32));
    return wide;
  }

  /** Numbers inside a node follow: constants become halves, casts to float32 go to halves. */
  private rewired(node: Node, inputs: readonly string[], outputs: readonly string[]): RewiredNode {
    const rewired: RewiredNode = { keep: node, inputs, outputs };
    if (blocked.has(node.opType) || floatByDefinition(node)) return rewired;
    if (node.opType === 'Cast' && attributeOf(node, 'to')?.int === dataType.float32)
      return { ...rewired, attributes: [{ name: 'to', int: dataType.float16 }] };
    const value = attributeOf(node, 'value')?.tensor;
    if (
      (node.opType === 'Constant' || node.opType === 'ConstantOfShape') &&
      value?.dataType === dataType.float32
    ) {
      if (value.data.kind === 'typed') throw unknownOperator(node);
      const half = halfTensor(this.rewrite.file, value, value.name, true);
      if (node.opType === 'Constant')
        this.rewrite.changes.push({
          name: node.outputs[0] ?? '',
          from: 'float32',
          to: 'float16',
          bytesBefore: half.bytes * 2,
          bytesAfter: half.bytes,
        });
      return { ...rewired, tensor: { name: 'value', value: half } };
    }
    return rewired;
  }

  private cast(from: string, to: string, type: number): NodeOut {
    return {
      opType: 'Cast',
      name: this.rewrite.fresh(`${to}_Cast`),
      inputs: [from],
      outputs: [to],
      attributes: [{ name: 'to', int: type }],
    };
  }
}

/** `value_float`, or ConstantOfShape without a value: there is no tensor whose type could change. */
function floatByDefinition(node: Node): boolean {
  return (
    (node.opType === 'Constant' || node.opType === 'ConstantOfShape') && !attributeOf(node, 'value')?.tensor
  );
}
