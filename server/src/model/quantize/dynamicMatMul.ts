import { dataType } from '../../onnx/dataType';
import type { Graph } from '../../onnx/graph';
import type { NodeOut } from '../../onnx/modelEdit';
import { int8Tensors } from './restoredWeights';
import type { Rewrite } from './rewrite';
import type { Role } from './role';
import type { Scheme } from './scheme';
import type { Use, Weight } from './weights';

/** First opset with DynamicQuantizeLinear. */
const dynamicOpset = 11;

/** Matrix products on 8-bit codes, the activations quantized as they come (onnxruntime's "dynamic" quantization). */
export class DynamicMatMuls {
  /** Quantized activations by graph and name: consumers share them. */
  private readonly activations = new Map<
    Graph,
    Map<string, readonly [codes: string, scale: string, zero: string]>
  >();
  private readonly ready = new Map<
    string,
    {
      readonly role: Exclude<Role, { kind: 'mixed' }>;
      readonly codes: string;
      readonly scale: string;
      readonly zero: string;
    }
  >();

  private readonly pending: Use[] = [];

  constructor(
    private readonly rewrite: Rewrite,
    private readonly scheme: Scheme,
  ) {}

  /** Stores the weight; the nodes follow in `finish`. False when it holds numbers that are not finite. */
  add(weight: Weight, role: Exclude<Role, { kind: 'mixed' }>): boolean {
    const stored = int8Tensors(this.rewrite, weight, role.layout, this.scheme);
    if (!stored) return false;
    const { rewrite } = this;
    const transposed = role.transposed ? rewrite.fresh(`${weight.name}_quantized_t`) : undefined;
    rewrite.replaceWeight(
      weight,
      stored.tensors,
      this.scheme.signed ? 'int8' : 'uint8',
      // Folded by onnxruntime at load; MatMulInteger itself has no transB.
      transposed === undefined
        ? undefined
        : {
            opType: 'Transpose',
            name: rewrite.fresh(`${weight.name}_Transpose`),
            inputs: [stored.codes.name],
            outputs: [transposed],
            attributes: [{ name: 'perm', ints: [1, 0] }],
          },
    );
    for (const use of weight.uses) {
      this.ready.set(key(use), {
        role,
        codes: transposed ?? stored.codes.name,
        scale: stored.scale.name,
        zero: stored.zero.name,
      });
      this.pending.push(use);
    }
    return true;
  }

  /** Rewrites the consumers in file order, so that the first one of an activation quantizes it for the others. */
  finish(): void {
    for (const use of this.pending.sort((a, b) => a.node.recordStart - b.node.recordStart)) {
      const weight = this.ready.get(key(use));
      if (!weight) continue;
      const { node, graph } = use;
      const [activation = '', , bias = ''] = node.inputs;
      const [out = ''] = node.outputs;
      const product = bias === '' ? out : this.rewrite.fresh(`${out}_product`);
      const nodes =
        this.rewrite.opset >= dynamicOpset
          ? this.standard(graph, node.name || out, activation, weight, product)
          : [this.fused(node.name || out, activation, weight, product)];
      if (bias !== '')
        nodes.push({
          opType: 'Add',
          name: this.rewrite.fresh(`${node.name || out}_bias`),
          inputs: [product, bias],
          outputs: [out],
        });
      this.rewrite.replaceNode(graph, node, nodes);
    }
  }

  private standard(
    graph: Graph,
    name: string,
    activation: string,
    weight: { codes: string; scale: string; zero: string },
    out: string,
  ): NodeOut[] {
    const { rewrite } = this;
    const nodes: NodeOut[] = [];
    const known = this.activations.get(graph) ?? new Map<string, readonly [string, string, string]>();
    this.activations.set(graph, known);
    let quantized = known.get(activation);
    if (!quantized) {
      quantized = [
        rewrite.fresh(`${activation}_quantized`),
        rewrite.fresh(`${activation}_scale`),
        rewrite.fresh(`${activation}_zero_point`),
      ];
      known.set(activation, quantized);
      nodes.push({
        opType: 'DynamicQuantizeLinear',
        name: rewrite.fresh(`${activation}_QuantizeLinear`),
        inputs: [activation],
        outputs: quantized,
      });
    }
    const [codes, scale, zero] = quantized;
    const [sum, floats, scales] = [
      rewrite.fresh(`${out}_output_quantized`),
      rewrite.fresh(`${out}_output_cast`),
      rewrite.fresh(`${name}_quant_scales`),
    ];
    nodes.push(
      {
        opType: 'MatMulInteger',
        name: rewrite.fresh(`${name}_quant`),
        inputs: [codes, weight.codes, zero, weight.zero],
        outputs: [sum],
      },
      {
        opType: 'Cast',
        name: rewrite.fresh(`${name}_cast`),
        inputs: [sum],
        outputs: [floats],
        attributes: [{ name: 'to', int: dataType.float32 }],
      },
      {
        opType: 'Mul',
        name: rewrite.fresh(`${name}_quant_scales_mul`),
        inputs: [scale, weight.scale],
        outputs: [scales],
      },
      {
        opType: 'Mul',
        name: rewrite.fresh(`${name}_quant_output_scale_mul`),
        inputs: [floats, scales],
        outputs: [out],
      },
    );
    return nodes;
  }

  /** onnxruntime's own operator for the same, which needs no particular opset. */
  private fused(
    name: string,
    activation: string,
    weight: { codes: string; scale: string; zero: string },
    out: string,
  ): NodeOut {
    return {
      opType: 'DynamicQuantizeMatMul',
      domain: this.rewrite.contrib(),
      name: this.rewrite.fresh(`${name}_quant`),
      inputs: [activation, weight.codes, weight.scale, weight.zero],
      outputs: [out],
    };
  }
}

function key({ node }: Use): string {
  return String(node.recordStart);
}
