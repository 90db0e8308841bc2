import { type ChildProcess, fork } from 'node:child_process';
import { ModelError } from '../../onnx/modelError';
import type { SessionAnswer, SessionQuestion } from './sessionMessage';
import type { Values } from './values';

/** A model open in a process of its own. */
export interface ModelSession {
  readonly loadMs: number;
  /** `answers: false` when only the time is wanted. */
  run(
    inputs: Readonly<Record<string, Values>>,
    answers?: boolean,
  ): Promise<{ readonly ms: number; readonly outputs: Readonly<Record<string, Values>> }>;
  /** Peak memory of the process so far, Node included. */
  rssBytes(): Promise<number>;
  close(): void;
}

/**
 * Forks `worker` (dist/worker.js) and opens the model there. Throws a ModelError when onnxruntime refuses the
 * model or the process dies.
 */
export async function openSession(
  worker: string,
  path: string,
  threads: number,
  signal?: AbortSignal,
): Promise<ModelSession> {
  const child = fork(worker, ['model-session'], {
    serialization: 'advanced',
    // From 1.29 on ONNX Runtime reports use and keeps a device id in the home folder unless told not to.
    env: { ...process.env, ORT_DISABLE_TELEMETRY: '1' },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const close = () => {
    signal?.removeEventListener('abort', close);
    child.kill('SIGKILL');
  };
  signal?.addEventListener('abort', close, { once: true });
  try {
    const opened = await ask(child, path, { ask: 'open', path, threads });
    return {
      loadMs: opened.said === 'opened' ? opened.loadMs : 0,
      async run(inputs, answers = true) {
        const said = await ask(child, path, { ask: 'run', inputs, answers });
        return said.said === 'ran' ? said : { ms: 0, outputs: {} };
      },
      async rssBytes() {
        const said = await ask(child, path, { ask: 'memory' });
        return said.said === 'memory' ? said.rssBytes : 0;
      },
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

function ask(child: ChildProcess, path: string, question: SessionQuestion): Promise<SessionAnswer> {
  return new Promise((done, fail) => {
    const settle = () => {
      child.off('message', onMessage);
      child.off('exit', onExit);
      child.off('error', onExit);
    };
    const onMessage = (answer: SessionAnswer) => {
      settle();
      if (answer.said === 'failed') fail(refused(path, answer.message));
      else done(answer);
    };
    const onExit = () => {
      settle();
      fail(refused(path, 'the process ended'));
    };
    child.on('message', onMessage);
    child.on('exit', onExit);
    child.on('error', onExit);
    child.send(question, (error) => {
      if (error) onExit();
    });
  });
}

function refused(path: string, message: string): ModelError {
  return new ModelError({
    code: 'model-refused',
    what: { template: 'onnxruntime cannot run {file}', with: { file: path } },
    why: { template: 'It says: {message}', with: { message: message.split('\n')[0] ?? '' } },
    next: [{ template: 'Check the model, or export it again' }],
  });
}
