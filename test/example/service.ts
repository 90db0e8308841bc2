import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { freePort } from '../support/freePort';
import { part } from '../support/parts';
import { until } from '../support/until';

const folder = resolve('examples/text-classification');

export interface Service {
  readonly url: string;
  /** What it has written to its log so far. */
  log(): string;
  stop(): Promise<void>;
}

/** Starts the example under uvicorn on a free loopback port; resolves when it is healthy. */
export async function startService(
  environment: NodeJS.ProcessEnv = {},
  application = 'app.main:app',
): Promise<Service> {
  const port = await freePort();
  const args = ['-m', 'uvicorn', application, '--host', '127.0.0.1', '--port', String(port)];
  const child = spawn(part('exampleService').python, args, {
    cwd: folder,
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', ORT_DISABLE_TELEMETRY: '1', ...environment },
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  try {
    await until('the service is healthy', 60_000, () => {
      if (child.exitCode !== null) throw new Error(`The service ended with ${child.exitCode}:\n${log}`);
      return fetch(`${url}/healthz`, { signal: AbortSignal.timeout(2_000) }).then(
        (answer) => answer.ok,
        () => false,
      );
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, log: () => log, stop };
}
