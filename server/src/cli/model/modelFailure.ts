import { relative } from 'node:path';
import { ModelError } from '../../onnx/modelError';
import { Failure } from '../failure';

/** Runs a model job; its Problem ends the command with exit code 2. */
export async function orFailure<T>(job: () => Promise<T> | T): Promise<T> {
  try {
    return await job();
  } catch (error) {
    throw error instanceof ModelError ? new Failure(error.problem) : error;
  }
}

/** A path as reports show it: relative to the current folder, with slashes. */
export function shown(path: string): string {
  return (relative(process.cwd(), path) || '.').replaceAll('\\', '/');
}
