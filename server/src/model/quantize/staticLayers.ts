import { dataType } from '../../onnx/dataType';
import type { NodeOut, RewiredNode, TensorOut } from '../../onnx/modelEdit';
import { editOf } from '../../onnx/modelEdit';
import { ModelError } from '../../onnx/modelError';
import { type Tensor, elementCount } from '../../onnx/tensor';
import type { Seen } from './calibrate';
import { codeTensor, floatTensor } from './numbers';
import { int8Tensors } from './restoredWeights';
import type { Rewrite } from './rewrite';
import { type Scheme, type Step, signedWeights, stepOf } from './scheme';
import { type StaticLayer, staticLayers } from './staticPlan';

/** First opset with QuantizeLinear. */
const quantizeOpset = 10;

/** First opset whose DequantizeLinear takes an axis. */
const perAxisOpset = 13;

/**
 * Puts QuantizeLinear and DequantizeLinear around layers whose ranges were seen: onnxruntime and TensorRT turn
 * each into one 8-bit operator. Returns the weights it stored; the others are left to the caller.
 */
export function quantizeLayers(
  rewrite: Rewrite,
  ranges: ReadonlyMap<string, Seen>,
  activations: Scheme,
  wanted: (layer: StaticLayer) => boolean,
): Set<string> {
  if (rewrite.opset < quantizeOpset) {
    throw new ModelError({
      code: 'opset-too-old',
      what: { template: 'The model cannot be quantized with ranges known beforehand' },
      why: {
        template: 'It uses operators of opset {opset}, and QuantizeLinear came with opset 10',
        with: { opset: rewrite.opset },
      },
      next: [{ template: 'Export it with opset 13 or later, or use another mode' }],
    });
  }
  const layers = staticLayers(rewrite.file.model).filter(
    (layer) => ranges.has(layer.input) && ranges.has(layer.output) && wanted(layer),
  );
  return new StaticRewrite(rewrite, ranges, activations).run(layers);
}

class StaticRewrite {
  /** Values that are 8-bit codes restored, by the name nodes read them under, and their step. */
  private readonly restored = new Map<string, { readonly name: string; readonly step: Step }>();
  private readonly weights = new Map<string, { readonly scales: readonly number[] }>();

  constructor(
    private readonly rewrite: Rewrite,
    private readonly ranges: ReadonlyMap<string, Seen>,
    private readonly activations: Scheme,
  ) {}

  run(layers: readonly StaticLayer[]): Set<string> {
    const { graph } = this.rewrite.file.model;
    // Known before any node is written: a layer reads the restored output of an earlier one under its own name.
    for (const { output } of layers) this.restored.set(output, { name: output, step: this.stepFor(output) });
    for (const layer of layers) {
      const stored = this.weight(layer);
      if (!stored) {
        this.restored.delete(layer.output);
        continue;
      }
      const before: NodeOut[] = [];
      let input = this.restored.get(layer.input);
      if (!input) {
        input = {
          name: this.rewrite.fresh(`${layer.input}_DequantizeLinear_Output`),
          step: this.stepFor(layer.input),
        };
        this.restored.set(layer.input, input);
        before.push(...this.pair(layer.input, input.name, input.step));
      }
      const raw = this.rewrite.fresh(`${layer.output}_raw`);
      const after = this.pair(raw, layer.output, this.stepFor(layer.output));
      const inputs = [input.name, ...layer.node.inputs.slice(1)];
      const bias = layer.node.inputs[2];
      if (bias) inputs[2] = this.bias(bias, input.step.scale, stored.scales) ?? bias;
      const alone = layer.last === layer.node;
      const product: RewiredNode = { keep: layer.node, inputs, outputs: alone ? [raw] : layer.node.outputs };
      this.rewrite.replaceNode(graph, layer.node, [...before, product, ...(alone ? after : [])]);
      if (!alone)
        this.rewrite.replaceNode(graph, layer.last, [
          { keep: layer.last, inputs: layer.last.inputs, outputs: [raw] },
          ...after,
        ]);
    }
    return new Set(this.weights.keys());
  }

  private stepFor(name: string): Step {
    const { low, high } = this.ranges.get(name) ?? { low: 0, high: 0 };
    return stepOf(low, high, this.activations);
  }

  /** Stores a weight once; a layer that shares it finds it there. undefined when it holds numbers that are not finite. */
  private weight({ weight, role }: StaticLayer): { readonly scales: readonly number[] } | undefined {
    const known = this.weights.get(weight.name);
    if (known) return known;
    const stored = int8Tensors(this.rewrite, weight, role.layout, signedWeights);
    if (!stored) return undefined;
    const made = { scales: stored.scales };
    this.weights.set(weight.name, made);
    this.rewrite.replaceWeight(weight, stored.tensors, 'int8', {
      ...this.dequantize(
        stored.tensors.map(({ name }) => name),
        weight.name,
      ),
      attributes: [{ name: 'axis', int: role.axis }],
    });
    return made;
  }

  /** The bias as 32-bit codes of the product's own step, which adds them without rounding. */
  private bias(name: string, inputScale: number, weightScales: readonly number[]): string | undefined {
    const { graph } = this.rewrite.file.model;
    const tensor =
      graph.initializers.find((candidate) => candidate.name === name) ??
      graph.nodes
        .find(({ opType, outputs }) => opType === 'Constant' && outputs[0] === name)
        ?.attributes.find(({ tensor: value }) => value)?.tensor;
    if (!tensor || tensor.dims.length !== 1 || tensor.dims[0] !== weightScales.length) return undefined;
    const values = this.floats(tensor);
    if (!values) return undefined;
    const scales = weightScales.map((scale) => Math.fround(scale * inputScale));
    const codes = Int32Array.from(values, (value, index) =>
      Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, Math.round(value / (scales[index] ?? 1)))),
    );
    const bytes = new Uint8Array(codes.buffer);
    const stored: TensorOut = {
      name: this.rewrite.fresh(`${name}_quantized`),
      dataType: dataType.int32,
      dims: [codes.length],
      bytes: bytes.length,
      make: () => [bytes],
    };
    const scale = floatTensor(this.rewrite.fresh(`${name}_quantized_scale`), [scales.length], scales);
    const out = this.rewrite.fresh(`${name}_DequantizeLinear_Output`);
    const edit = editOf(this.rewrite.edit, graph);
    edit.added.push(stored, scale);
    edit.first.push({
      ...this.dequantize([stored.name, scale.name], out),
      attributes: [{ name: 'axis', int: 0 }],
    });
    return out;
  }

  private floats(tensor: Tensor): Float32Array | undefined {
    if (tensor.dataType !== dataType.float32 || tensor.data.kind === 'typed') return undefined;
    const values = new Float32Array(elementCount(tensor.dims));
    this.rewrite.file.readNumbers(tensor, 0, new Uint8Array(values.buffer));
    return values;
  }

  /** From a value to its codes and back under another name. */
  private pair(from: string, to: string, step: Step): NodeOut[] {
    const codes = this.rewrite.fresh(`${from}_QuantizeLinear_Output`);
    const scale = floatTensor(this.rewrite.fresh(`${from}_scale`), [], [step.scale]);
    const zero = codeTensor(this.rewrite.fresh(`${from}_zero_point`), [], [step.zero], this.activations);
    editOf(this.rewrite.edit, this.rewrite.file.model.graph).added.push(scale, zero);
    return [
      {
        opType: 'QuantizeLinear',
        name: this.rewrite.fresh(`${from}_QuantizeLinear`),
        inputs: [from, scale.name, zero.name],
        outputs: [codes],
      },
      {
        opType: 'DequantizeLinear',
        name: this.rewrite.fresh(`${from}_DequantizeLinear`),
        inputs: [codes, scale.name, zero.name],
        outputs: [to],
      },
    ];
  }

  private dequantize(inputs: readonly string[], output: string): NodeOut {
    const domain = this.rewrite.opset >= perAxisOpset ? {} : { domain: this.rewrite.contrib() };
    return {
      opType: 'DequantizeLinear',
      ...domain,
      name: this.rewrite.fresh(`${output}_DequantizeLinear`),
      inputs,
      outputs: [output],
    };
  }
}
