import { dataTypeName } from '../../onnx/dataType';
import type { Graph, Node } from '../../onnx/graph';
import {
  type ModelEdit,
  type NodeOut,
  type RewiredNode,
  type TensorOut,
  editOf,
  newModelEdit,
} from '../../onnx/modelEdit';
import { tensorBytes } from '../../onnx/tensor';
import type { ModelFile } from '../modelFile';
import { freshNames } from './names';
import type { Weight } from './weights';

export interface TensorChange {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly bytesBefore: number;
  readonly bytesAfter: number;
}

/** The changes being gathered for one model: what to write, and what to tell about it. */
export class Rewrite {
  readonly edit: ModelEdit = newModelEdit();
  readonly changes: TensorChange[] = [];
  readonly fresh: (wanted: string) => string;
  /** Version of the standard operators. */
  readonly opset: number;

  constructor(readonly file: ModelFile) {
    this.fresh = freshNames(file.model.graph);
    this.opset = file.model.opsets.get('') ?? 1;
  }

  /**
   * Puts tensors in the place of a weight and tells about it; `restore` makes the old name again and is
   * undefined when nothing needs it.
   */
  replaceWeight(weight: Weight, tensors: readonly TensorOut[], to: string, restore?: NodeOut): void {
    const edit = editOf(this.edit, weight.graph);
    if (weight.constant) {
      edit.nodes.set(weight.constant, restore ? [restore] : []);
      edit.added.push(...tensors);
    } else {
      edit.initializers.set(weight.tensor, tensors);
      edit.droppedInputs.add(weight.name);
      if (restore) edit.first.push(restore);
    }
    this.changes.push({
      name: weight.name,
      from: dataTypeName(weight.tensor.dataType),
      to,
      bytesBefore: tensorBytes(weight.tensor),
      bytesAfter: tensors.reduce((sum, { bytes }) => sum + bytes, 0),
    });
  }

  replaceNode(graph: Graph, node: Node, nodes: readonly (NodeOut | RewiredNode)[]): void {
    editOf(this.edit, graph).nodes.set(node, nodes);
  }

  /** The name of the contrib domain, imported on first use. */
  contrib(): string {
    this.edit.opsets.set('com.microsoft', 1);
    return 'com.microsoft';
  }
}
