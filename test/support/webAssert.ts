/** The part of node:assert/strict that tests in a browser-only extension host use, where node is absent. */
class AssertionError extends Error {
  override name = 'AssertionError';
}

export function fail(message = 'Failed'): never {
  throw new AssertionError(message);
}

export function ok(value: unknown, message = `Expected a truthy value, got ${String(value)}`): asserts value {
  if (!value) fail(message);
}

export function equal(actual: unknown, expected: unknown, message?: string): void {
  if (!Object.is(actual, expected)) fail(message ?? `Expected ${show(expected)}, got ${show(actual)}`);
}

/** Values here are plain data, so their JSON tells them apart. */
export function deepEqual(actual: unknown, expected: unknown, message?: string): void {
  if (show(actual) !== show(expected)) fail(message ?? `Expected ${show(expected)}, got ${show(actual)}`);
}

export function match(text: string, pattern: RegExp, message?: string): void {
  if (!pattern.test(text)) fail(message ?? `Expected ${show(text)} to match ${String(pattern)}`);
}

function show(value: unknown): string {
  return JSON.stringify(value, undefined, 1) ?? String(value);
}

const assert = Object.assign(ok, { ok, fail, equal, deepEqual, match });
// oxlint-disable-next-line import/no-default-export -- stands in for a module with a default export
export default assert;
