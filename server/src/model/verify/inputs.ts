import { attributeOf, graphsOf } from '../../onnx/graph';
import { ModelError } from '../../onnx/modelError';
import { modelFacts } from '../../onnx/modelFacts';
import type { OnnxModel } from '../../onnx/readOnnx';
import type { ValueInfo } from '../../onnx/valueType';
import { numbersOf, type Values } from '../session/values';

/** One set of inputs by name. */
export type Sample = Readonly<Record<string, Values>>;

/** Batch and length of made-up samples; short and long, one and several, so that padding and shapes vary. */
const shapes = [
  { batch: 1, length: 128 },
  { batch: 1, length: 16 },
  { batch: 2, length: 48 },
  { batch: 4, length: 16 },
];

/** Height and width where the model leaves them open: a multiple of 32, as convolutions halve five times. */
const imageSide = 224;

/** Samples of sound at once: what voice detectors take at 16 kHz. */
const frame = 512;

/** Ids when the size of the table is unknown: far below any vocabulary. */
const fallbackVocabulary = 1000;

/** Values that only some numbers make sense for, by input name. */
const fixed: ReadonlyMap<string, number> = new Map([
  ['sr', 16_000],
  ['sampling_rate', 16_000],
]);

/** Repeatable inputs made from the signature alone. Throws a ModelError for an input no one can make up. */
export function* generatedSamples(model: OnnxModel, count: number): Generator<Sample> {
  const { inputs } = modelFacts(model);
  for (let index = 0; index < count; index += 1) {
    const random = randomFrom(index + 1);
    const shape = shapes[index % shapes.length] ?? { batch: 1, length: 16 };
    const lengths = Array.from({ length: shape.batch }, (_, row) =>
      row === 0 ? shape.length : 1 + Math.floor(random() * shape.length),
    );
    yield Object.fromEntries(
      inputs.map((input) => [input.name, valuesFor(input, model, shape, lengths, random)]),
    );
  }
}

function valuesFor(
  input: ValueInfo,
  model: OnnxModel,
  shape: { batch: number; length: number },
  lengths: readonly number[],
  random: () => number,
): Values {
  const dims = dimsFor(input, hears(model), shape);
  const count = dims.reduce((product, dim) => product * dim, 1);
  const { name, type } = input;
  const known = fixed.get(name);
  const values = Array.from({ length: count }, (_, index) => {
    if (known !== undefined) return known;
    const row = Math.floor(index / (dims.at(-1) ?? 1));
    const place = index % (dims.at(-1) ?? 1);
    if (/mask/.test(name) && dims.length === 2) return place < (lengths[row] ?? shape.length) ? 1 : 0;
    if (/position/.test(name) && dims.length === 2) return place;
    if (/type_ids|state|past|^h0?$|^c0?$|cache/.test(name)) return 0;
    if (/^u?int/.test(type)) return Math.floor(random() * vocabularyOf(model, name));
    if (type === 'bool') return 1;
    return dims.length === 4
      ? pixel(index, dims, lengths.length % 2 === 1, random)
      : (random() + random() + random() - 1.5) * 1.2;
  });
  const data = numbersOf(type, values);
  if (data) return { type, dims, data };
  throw new ModelError({
    code: 'input-not-made',
    what: { template: 'No input can be made for {name}', with: { name } },
    why: { template: 'It is of type {type}', with: { type } },
    next: [{ template: 'Give saved cases with --inputs' }],
  });
}

function dimsFor(
  { name, shape, type }: ValueInfo,
  audioModel: boolean,
  { batch, length }: { batch: number; length: number },
): number[] {
  if (!shape) return [];
  const image = shape.length === 4;
  const audio = audioModel && type === 'float32' && shape.length === 2;
  return shape.map((dim, index) => {
    if (typeof dim === 'number' && dim > 0) return dim;
    if (typeof dim === 'number' && /past|cache/.test(name)) return 0;
    if (/past/.test(String(dim))) return 0;
    // Recurrent states are [layers, batch, width].
    if (index === 0 || /^(state|h0?|c0?|hidden|cell)$/.test(name)) return batch;
    if (image) return index === 1 ? 3 : imageSide;
    return audio ? frame : length;
  });
}

/**
 * A light page with lines of dark strokes, or smooth waves with an edge: white noise looks like nothing a vision
 * model knows, and a detector of text answers zero to it.
 */
function pixel(index: number, dims: readonly number[], page: boolean, random: () => number): number {
  const [, , height = 1, width = 1] = dims;
  const column = index % width;
  const row = Math.floor(index / width) % height;
  if (page) {
    const line = row % 32;
    const stroke =
      line > 8 &&
      line < 26 &&
      column % 160 > 24 &&
      (column % 14 < 3 || (line % 8 < 2 && (column * 7 + row) % 5 < 4));
    return (stroke ? -1.5 : 1.8) + (random() - 0.5) * 0.1;
  }
  const [x, y] = [column / width, row / height];
  return Math.sin(7 * x + 3 * y) * 0.6 + (x + y > 1 ? 0.5 : -0.5) + (random() - 0.5) * 0.1;
}

/** A model that asks for the sampling rate takes sound. */
function hears(model: OnnxModel): boolean {
  return model.graph.inputs.some(({ name }) => fixed.has(name));
}

/** Rows of the table that the ids look up, also through a Cast. */
function vocabularyOf(model: OnnxModel, input: string): number {
  const names = new Set([input]);
  for (const graph of graphsOf(model.graph)) {
    const rows = new Map(graph.initializers.map(({ name, dims }) => [name, dims[0]]));
    for (const node of graph.nodes) {
      if (node.opType === 'Cast' && names.has(node.inputs[0] ?? '')) names.add(node.outputs[0] ?? '');
      const value = node.opType === 'Constant' ? attributeOf(node, 'value')?.tensor : undefined;
      if (value) rows.set(node.outputs[0] ?? '', value.dims[0]);
      const restored =
        node.opType === 'Cast' || node.opType === 'DequantizeLinear'
          ? rows.get(node.inputs[0] ?? '')
          : undefined;
      if (restored !== undefined) rows.set(node.outputs[0] ?? '', restored);
      if (node.opType === 'Gather' && names.has(node.inputs[1] ?? ''))
        return rows.get(node.inputs[0] ?? '') ?? fallbackVocabulary;
    }
  }
  return fallbackVocabulary;
}

/** A linear congruential generator (Numerical Recipes): the same samples every time, everywhere. */
function randomFrom(seed: number): () => number {
  let state = seed * 2_654_435_761;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 8) / 2 ** 24;
  };
}
