import type { CancellationToken } from 'vscode-languageserver';

const sliceMs = 20;

/**
 * Drives a generator in slices of at most 20 ms and lets messages in between. Undefined when cancelled: the
 * generator is then left where it was.
 */
export async function inSlices<T>(steps: Iterable<T>, token: CancellationToken): Promise<T[] | undefined> {
  const results: T[] = [];
  let started = performance.now();
  for (const step of steps) {
    if (token.isCancellationRequested) return undefined;
    results.push(step);
    if (performance.now() - started < sliceMs) continue;
    await messagesIn();
    started = performance.now();
  }
  return token.isCancellationRequested ? undefined : results;
}

/** A turn of the event loop: waiting messages, a cancellation among them, are read before it resolves. */
export function messagesIn(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}
