import { bytesField, concat, intField, textField } from '../../server/src/onnx/encode';

/** Builds ONNX files for tests, byte by byte: what a test is about stays visible in its numbers. */

export interface TensorText {
  readonly name: string;
  readonly dims: readonly number[];
  readonly values: readonly number[] | Float32Array;
  /** Where the numbers go: in raw bytes, as packed float_data, or in another file. */
  readonly as?:
    | 'raw'
    | 'packed'
    | { readonly location: string; readonly offset: number; readonly length?: number };
}

export function tensorBytes({ name, dims, values, as = 'raw' }: TensorText): Uint8Array {
  const numbers = new Uint8Array(Float32Array.from(values).buffer);
  const head = [...dims.map((dim) => intField(1, dim)), intField(2, 1), textField(8, name)];
  if (as === 'raw') return concat(...head, bytesField(9, numbers));
  if (as === 'packed') return concat(...head, bytesField(4, numbers));
  const entry = (key: string, value: string | number) =>
    bytesField(13, concat(textField(1, key), textField(2, String(value))));
  const length = as.length ?? numbers.length;
  return concat(
    ...head,
    entry('location', as.location),
    entry('offset', as.offset),
    entry('length', length),
    intField(14, 1),
  );
}

export function intAttribute(name: string, value: number): Uint8Array {
  return concat(textField(1, name), intField(3, value), intField(20, 2));
}

export function tensorAttribute(name: string, tensor: Uint8Array): Uint8Array {
  return concat(textField(1, name), bytesField(5, tensor), intField(20, 4));
}

export function graphAttribute(name: string, graph: Uint8Array): Uint8Array {
  return concat(textField(1, name), bytesField(6, graph), intField(20, 5));
}

export function nodeBytes(
  opType: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: readonly Uint8Array[] = [],
  name = opType,
): Uint8Array {
  return concat(
    ...inputs.map((input) => textField(1, input)),
    ...outputs.map((output) => textField(2, output)),
    textField(3, name),
    textField(4, opType),
    ...attributes.map((attribute) => bytesField(5, attribute)),
  );
}

/** A dimension is a number or a name. */
export function valueBytes(name: string, type: number, dims: readonly (number | string)[]): Uint8Array {
  const shape = concat(
    ...dims.map((dim) => bytesField(1, typeof dim === 'number' ? intField(1, dim) : textField(2, dim))),
  );
  return concat(
    textField(1, name),
    bytesField(2, bytesField(1, concat(intField(1, type), bytesField(2, shape)))),
  );
}

export interface GraphText {
  readonly nodes: readonly Uint8Array[];
  readonly initializers?: readonly Uint8Array[];
  readonly inputs?: readonly Uint8Array[];
  readonly outputs?: readonly Uint8Array[];
}

export function graphBytes({ nodes, initializers = [], inputs = [], outputs = [] }: GraphText): Uint8Array {
  return concat(
    ...nodes.map((node) => bytesField(1, node)),
    textField(2, 'g'),
    ...initializers.map((tensor) => bytesField(5, tensor)),
    ...inputs.map((value) => bytesField(11, value)),
    ...outputs.map((value) => bytesField(12, value)),
  );
}

export function modelBytes(graph: GraphText, opset = 17, ir = 8): Uint8Array {
  return concat(
    intField(1, ir),
    textField(2, 'test'),
    bytesField(7, graphBytes(graph)),
    bytesField(8, concat(textField(1, ''), intField(2, opset))),
  );
}

/** Repeatable numbers in [-1, 1): a test must fail the same way twice. */
export function numbers(count: number, seed = 1): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return state / 2 ** 31;
  });
}

/** y = x W + b with W [k, n]. */
export function productModel(
  k: number,
  n: number,
  options: { opset?: number; ir?: number; as?: TensorText['as'] } = {},
): Uint8Array {
  return modelBytes(
    {
      nodes: [nodeBytes('MatMul', ['x', 'W'], ['p']), nodeBytes('Add', ['p', 'b'], ['y'])],
      initializers: [
        tensorBytes({
          name: 'W',
          dims: [k, n],
          values: numbers(k * n),
          ...(options.as && { as: options.as }),
        }),
        tensorBytes({ name: 'b', dims: [n], values: numbers(n, 2) }),
      ],
      inputs: [
        valueBytes('x', 1, ['batch', k]),
        ...((options.ir ?? 8) < 4 ? [valueBytes('W', 1, [k, n]), valueBytes('b', 1, [n])] : []),
      ],
      outputs: [valueBytes('y', 1, ['batch', n])],
    },
    options.opset ?? 17,
    options.ir ?? 8,
  );
}
