import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { SessionAnswer, SessionQuestion } from './sessionMessage';
import type { Values } from './values';

/**
 * The child's side of openSession: one model in a process of its own, so that its memory can be measured, a
 * crash of native code ends nothing else, and everything is given back at the end.
 */
export function serveSession(): void {
  let session: InferenceSession | undefined;
  const answer = async (question: SessionQuestion): Promise<SessionAnswer> => {
    if (question.ask === 'memory') return { said: 'memory', rssBytes: process.resourceUsage().maxRSS * 1024 };
    if (question.ask === 'open') {
      const started = performance.now();
      session = await InferenceSession.create(question.path, {
        intraOpNumThreads: question.threads,
        interOpNumThreads: 1,
        executionProviders: ['cpu'],
        logSeverityLevel: 4,
      });
      return { said: 'opened', loadMs: performance.now() - started };
    }
    if (!session) return { said: 'failed', message: 'No model is open' };
    const feeds = Object.fromEntries(
      Object.entries(question.inputs).map(([name, values]) => [name, tensorOf(values)]),
    );
    const started = performance.now();
    const results = await session.run(feeds);
    const ms = performance.now() - started;
    return {
      said: 'ran',
      ms,
      outputs: question.answers
        ? Object.fromEntries(Object.entries(results).map(([name, value]) => [name, valuesOf(value)]))
        : {},
    };
  };
  process.on('message', (question: SessionQuestion) => {
    void answer(question)
      .catch(
        (error: unknown): SessionAnswer => ({
          said: 'failed',
          message: error instanceof Error ? error.message : String(error),
        }),
      )
      .then((said) => process.send?.(said));
  });
  // The parent is gone: nobody will ask again.
  process.on('disconnect', () => process.exit(0));
}

function tensorOf({ type, dims, data }: Values): Tensor {
  return new Tensor(type as 'float32', data as Float32Array, dims);
}

function valuesOf(value: InferenceSession.OnnxValueMapType[string]): Values {
  // Sequences and maps (classifiers of scikit-learn) have no numbers to compare one by one.
  if (!('data' in value) || !('dims' in value)) return { type: 'other', dims: [], data: [] };
  return { type: value.type, dims: value.dims, data: value.data };
}
