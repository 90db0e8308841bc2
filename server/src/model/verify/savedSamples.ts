import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ModelError } from '../../onnx/modelError';
import { numbersOf, type Values } from '../session/values';
import type { Sample } from './inputs';

/** Element types of the open inference protocol (KServe v2) by their ONNX names. */
const types: Readonly<Record<string, string>> = {
  FP32: 'float32',
  FP64: 'float64',
  FP16: 'float16',
  INT64: 'int64',
  INT32: 'int32',
  INT16: 'int16',
  INT8: 'int8',
  UINT8: 'uint8',
  UINT64: 'uint64',
  BOOL: 'bool',
};

const largestCase = 256 * 1024 * 1024;

/**
 * Saved cases of a folder: every `*.json` is the body of a KServe v2 infer request,
 * `{"inputs": [{"name", "shape", "datatype", "data"}]}`. Throws a ModelError for a folder without any, or a bad one.
 */
export function savedSamples(folder: string): Sample[] {
  const names = list(folder)
    .filter((name) => name.endsWith('.json'))
    .sort();
  if (names.length === 0) throw bad(folder, { template: 'It holds no .json file' });
  return names.map((name) => sampleOf(join(folder, name)));
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    throw bad(folder, { template: 'There is no such folder' });
  }
}

function sampleOf(path: string): Sample {
  const text = readFileSync(path);
  if (text.length > largestCase) throw bad(path, { template: 'It is larger than 256 MB' });
  let body: unknown;
  try {
    body = JSON.parse(text.toString('utf8'));
  } catch {
    throw bad(path, { template: 'It is no JSON' });
  }
  const inputs = (body as { inputs?: unknown } | null)?.inputs;
  if (!Array.isArray(inputs)) throw bad(path, { template: 'It has no list of inputs' });
  return Object.fromEntries(inputs.map((input: unknown) => valuesOf(path, input)));
}

function valuesOf(path: string, input: unknown): [string, Values] {
  const { name, shape, datatype, data } = (input ?? {}) as {
    name?: unknown;
    shape?: unknown;
    datatype?: unknown;
    data?: unknown;
  };
  const type = typeof datatype === 'string' ? types[datatype] : undefined;
  if (
    typeof name !== 'string' ||
    !Array.isArray(shape) ||
    !shape.every((dim) => Number.isSafeInteger(dim) && dim >= 0) ||
    type === undefined ||
    !Array.isArray(data)
  ) {
    throw bad(path, { template: 'An input lacks its name, shape, datatype or data' });
  }
  const dims = shape as number[];
  const flat = (data as unknown[]).flat(Number.POSITIVE_INFINITY);
  const numbers = flat.map(Number);
  const fits =
    numbers.length === dims.reduce((product, dim) => product * dim, 1) &&
    numbers.every((value) => !Number.isNaN(value));
  const made = fits ? numbersOf(type, numbers) : undefined;
  if (!made) throw bad(path, { template: 'The data of {name} does not fit its shape', with: { name } });
  return [name, { type, dims, data: made }];
}

function bad(
  file: string,
  why: { readonly template: string; readonly with?: Readonly<Record<string, string>> },
): ModelError {
  return new ModelError({
    code: 'case-unreadable',
    what: { template: 'Could not use {file} as saved cases', with: { file } },
    why,
    next: [{ template: 'Save requests as .json, in the shape of a KServe v2 infer request' }],
  });
}
