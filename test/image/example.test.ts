import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { part } from '../support/parts';
import { startEngine, type Engine } from '../support/engines';
import { until } from '../support/until';

const run = promisify(execFile);
const context = resolve('examples/text-classification');
const hardened = [
  '--read-only',
  '--cap-drop',
  'ALL',
  '--security-opt',
  'no-new-privileges',
  '--pids-limit',
  '128',
];

describe('the image of the example', () => {
  let engine: Engine;

  // The base stands in for python:3.11-slim: Debian 12 with its Python, made slim in the same way.
  before(async () => {
    engine = await startEngine('current');
    await engine.importBase('python:3.11-slim');
    const build = [
      'buildx',
      'build',
      '--load',
      '--build-arg',
      'PYTHON_VERSION=3.11',
      '-t',
      'example',
      context,
    ];
    await run(part('engines').docker, build, { env: engine.env(), maxBuffer: 1 << 26 });
  });

  after(() => engine.stop());

  async function start(...options: string[]): Promise<{ container: string; url: string }> {
    const args = ['run', '-d', '-p', '127.0.0.1:0:8080', ...hardened, ...options, 'example'];
    const container = (await engine.docker(...args)).stdout.trim();
    const url = `http://${(await engine.docker('port', container, '8080')).stdout.trim()}`;
    // A connection that the engine's proxy takes before the service listens may never be answered, hence the limit.
    await until('the container answers', 60_000, () =>
      fetch(`${url}/healthz`, { signal: AbortSignal.timeout(2_000) }).then(
        (answer) => answer.ok,
        () => false,
      ),
    );
    return { container, url };
  }

  async function classified(url: string): Promise<string> {
    const body = JSON.stringify({ text: '昨晚的决赛踢到了加时赛,最后靠点球分出胜负。' });
    const answer = await fetch(`${url}/classify`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    });
    const { data } = (await answer.json()) as { data: { category: string } };
    return `${answer.status} ${data.category}`;
  }

  it('answers as the unprivileged user on a read-only root without capabilities', async () => {
    const { container, url } = await start();
    assert.equal(await classified(url), '200 sports');
    assert.equal((await engine.docker('exec', container, 'id', '-u')).stdout, '10001\n');
    const names = 'import getpass, pathlib; print(getpass.getuser(), pathlib.Path.home())';
    assert.equal((await engine.docker('exec', container, 'python', '-c', names)).stdout, 'app /home/app\n');
    await assert.rejects(engine.docker('exec', container, 'touch', '/srv/file'), /Read-only file system/);
  });

  it('answers under an id that the image does not know', async () => {
    const { url } = await start('--user', '23456:0');
    assert.equal(await classified(url), '200 sports');
  });

  it('cannot change its own code on a writable root either', async () => {
    const args = ['run', '--rm', 'example', 'sh', '-c', 'touch /srv/app/main.py'];
    await assert.rejects(engine.docker(...args), /Permission denied/);
  });

  it('says that it is healthy', async () => {
    const { container } = await start();
    await until('the engine calls it healthy', 90_000, async () => {
      const { stdout } = await engine.docker('inspect', '--format', '{{.State.Health.Status}}', container);
      return stdout.trim() === 'healthy';
    });
  });

  it('ends by itself when it is asked to stop', async () => {
    const { container } = await start();
    await engine.docker('stop', '--time', '60', container);
    assert.equal(
      (await engine.docker('inspect', '--format', '{{.State.ExitCode}}', container)).stdout,
      '0\n',
    );
  });

  it('keeps no cache of pip and no list of packages', async () => {
    const list = 'ls -A /root/.cache /var/lib/apt/lists /tmp 2>/dev/null || true';
    const { stdout } = await engine.docker('run', '--rm', '--user', '0', 'example', 'sh', '-c', list);
    assert.deepEqual(
      stdout.split('\n').filter((line) => line && !line.endsWith(':')),
      [],
    );
  });

  it('holds the service and nothing else of its folder', async () => {
    const { stdout } = await engine.docker('run', '--rm', 'example', 'ls', '/srv', '/srv/app', '/srv/model');
    const names = stdout.split('\n').filter((line) => line && !line.endsWith(':'));
    assert.deepEqual(names.sort(), [
      '__init__.py',
      'app',
      'classifier.py',
      'config.json',
      'envelope.py',
      'limits.py',
      'main.py',
      'metrics.py',
      'model',
      'model.onnx',
      'settings.py',
      'tokenizer.json',
      'tokenizer_config.json',
    ]);
  });
});
