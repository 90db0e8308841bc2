import { InferenceSession, Tensor } from 'onnxruntime-node';

/** Answers of a model file in onnxruntime: the first output, for float inputs of the given shapes. */
export async function answersOf(
  path: string,
  inputs: Readonly<Record<string, { dims: readonly number[]; values: Float32Array | BigInt64Array }>>,
): Promise<Float32Array> {
  const session = await InferenceSession.create(path, { intraOpNumThreads: 1, logSeverityLevel: 3 });
  try {
    const feeds = Object.fromEntries(
      Object.entries(inputs).map(([name, { dims, values }]) => [
        name,
        values instanceof Float32Array
          ? new Tensor('float32', values, dims)
          : new Tensor('int64', values, dims),
      ]),
    );
    const results = await session.run(feeds);
    const [name = ''] = session.outputNames;
    return results[name]?.data as Float32Array;
  } finally {
    await session.release();
  }
}

/** Length of the difference relative to the length of the first. */
export function relativeError(a: Float32Array, b: Float32Array): number {
  let difference = 0;
  let length = 0;
  a.forEach((value, index) => {
    difference += (value - (b[index] ?? 0)) ** 2;
    length += value ** 2;
  });
  return Math.sqrt(difference / length);
}
