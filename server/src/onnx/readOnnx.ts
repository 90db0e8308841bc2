import type { ByteSource } from './byteSource';
import { type Graph, newGraph, readGraph } from './graph';
import { malformed } from './modelError';
import { BeyondPrefix, WireReader } from './wire';

/** The structure of an ONNX file, with the places of its numbers instead of the numbers. */
export interface OnnxModel {
  irVersion: number;
  producer: string;
  /** Operator set version by domain; the standard domain is ''. */
  opsets: Map<string, number>;
  graph: Graph;
  /** Model-local functions: their bodies are carried along untouched. */
  functions: number;
  sizeBytes: number;
  /** False when only the beginning of the file was at hand and it did not hold everything. */
  complete: boolean;
}

/**
 * Reads an ONNX file's structure: milliseconds for gigabytes, as numbers are skipped. Throws a ModelError on a
 * truncated, damaged or hostile file.
 */
export function readOnnx(source: ByteSource): OnnxModel {
  const wire = new WireReader(source);
  const model: OnnxModel = {
    irVersion: 0,
    producer: '',
    opsets: new Map(),
    graph: newGraph(0, 0, 0),
    functions: 0,
    sizeBytes: source.sizeBytes,
    complete: true,
  };
  if (source.sizeBytes === 0) throw malformed({ template: 'The file is empty' });
  try {
    readModel(wire, model, source.sizeBytes);
  } catch (error) {
    if (!(error instanceof BeyondPrefix)) throw error;
    model.complete = false;
  }
  if (
    model.complete &&
    (model.graph.recordEnd === 0 || model.graph.nodes.length + model.graph.outputs.length === 0)
  ) {
    throw malformed({ template: 'The file holds no ONNX graph' });
  }
  return model;
}

function readModel(wire: WireReader, model: OnnxModel, sizeBytes: number): void {
  for (const field of wire.fields(0, sizeBytes)) {
    if (field.number === 1) model.irVersion = field.value;
    else if (field.number === 2) model.producer = wire.text(field);
    else if (field.number === 7) {
      wire.expect(field, 2);
      if (model.graph.recordEnd > 0) throw malformed({ template: 'The file holds two graphs' });
      model.graph = newGraph(field.recordStart, field.start, field.end);
      readGraph(wire, model.graph);
    } else if (field.number === 8) {
      const opset = { domain: '', version: 1 };
      wire.countRecord();
      for (const inner of wire.fields(field.start, field.end)) {
        if (inner.number === 1) opset.domain = wire.text(inner).replace(/^ai\.onnx$/, '');
        else if (inner.number === 2) opset.version = inner.value;
      }
      model.opsets.set(opset.domain, opset.version);
    } else if (field.number === 25) model.functions += 1;
  }
}
