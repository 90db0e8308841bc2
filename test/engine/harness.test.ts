import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { part } from '../support/parts';
import { until } from '../support/until';
import { startEngine, type Engine } from '../support/engines';

const run = promisify(execFile);
const engines = {} as Record<'old' | 'current', Engine>;
let context: string;

// The base image stands in for python:3.11-slim: Debian 12 with its Python, made slim in the same way.
before(async () => {
  context = await mkdtemp(join(tmpdir(), 'plimsoll-context-'));
  await writeFile(
    join(context, 'Dockerfile'),
    'FROM python:3.11-slim\nRUN python --version && id -u > /uid\nCMD ["cat", "/uid"]\n',
  );
  engines.old = await startEngine('old');
  engines.current = await startEngine('current');
  await Promise.all(Object.values(engines).map((engine) => engine.importBase('python:3.11-slim')));
});

after(async () => {
  await Promise.all(Object.values(engines).map((engine) => engine.stop()));
  await rm(context, { recursive: true });
});

for (const kind of ['old', 'current'] as const) {
  describe(`the ${kind} engine beside the other`, () => {
    it('builds with buildx', async () => {
      const engine = engines[kind];
      const args = ['buildx', 'build', '--progress=rawjson', '--load', '-t', 'with-buildx', context];
      const { stderr } = await run(part('engines').docker, args, { env: engine.env(), maxBuffer: 1 << 26 });
      assert.match(stderr, /"vertexes"/);
      assert.equal((await engine.docker('run', '--rm', 'with-buildx')).stdout, '0\n');
    });

    it('builds without buildx', async () => {
      const engine = engines[kind];
      await run(part('engines').docker, ['build', '-t', 'without-buildx', context], {
        env: engine.env({ buildx: false }),
        maxBuffer: 1 << 26,
      });
      assert.equal((await engine.docker('run', '--rm', 'without-buildx')).stdout, '0\n');
    });

    it('reaches a published port', async () => {
      const engine = engines[kind];
      const server = ['python', '-m', 'http.server', '8000'];
      const { stdout } = await engine.docker(
        'run',
        '--rm',
        '-d',
        '-p',
        '127.0.0.1:0:8000',
        'python:3.11-slim',
        ...server,
      );
      const { stdout: port } = await engine.docker('port', stdout.trim(), '8000');
      const url = `http://${port.trim()}/`;
      // An old engine's proxy accepts before the program in the container listens, and then keeps silent.
      const answers = () =>
        fetch(url, { signal: AbortSignal.timeout(1000) }).then(
          ({ ok }) => ok,
          () => false,
        );
      await until('the container answers', 20_000, answers);
      await engine.docker('rm', '-f', stdout.trim());
    });
  });
}

it('tells the two engines apart by their API', async () => {
  const version = async (kind: 'old' | 'current') =>
    (await engines[kind].docker('version', '--format', '{{.Server.APIVersion}}')).stdout.trim();
  assert.deepEqual([await version('old'), await version('current')], ['1.41', '1.56']);
});
