import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { removeBridge } from '../../scripts/test/removeBridge.mjs';
import { part, type Parts } from './parts';
import { until } from './until';

const run = promisify(execFile);
const startLimitMs = 60_000;
const stopLimitMs = 20_000;

export type EngineKind = 'old' | 'current';
export type BaseImage = keyof Parts['images'];

export interface Engine {
  kind: EngineKind;
  /** `unix://...`, for DOCKER_HOST. */
  dockerHost: string;
  socket: string;
  /** Everything of this engine lies below it. */
  dir: string;
  /** DOCKER_HOST and a DOCKER_CONFIG of its own; with buildx as a plugin unless it was asked to be absent. */
  env(options?: { buildx?: boolean }): NodeJS.ProcessEnv;
  /** Runs the docker client against this engine. */
  docker(...args: string[]): Promise<{ stdout: string; stderr: string }>;
  /** Imports the file system that stands in for a base image which cannot be pulled here. */
  importBase(reference: BaseImage): Promise<void>;
  /** The engine's own log so far. */
  log(): Promise<string>;
  stop(): Promise<void>;
}

export interface EngineOptions {
  /** Entries beside the defaults in daemon.json, such as `{ 'insecure-registries': [...] }`. */
  configuration?: Record<string, unknown>;
}

let started = 0;

/**
 * Starts a container engine of the test's own: data, socket, bridge and addresses are its own, so it never meets
 * another engine of this machine. `old` is Debian's dockerd 20.10, `current` the newest that is built from source.
 */
export async function startEngine(kind: EngineKind, options: EngineOptions = {}): Promise<Engine> {
  const places = part('engines');
  const dir = await mkdtemp(join(tmpdir(), `${kind}-`));
  const socket = join(dir, 'docker.sock');
  const dockerHost = `unix://${socket}`;
  started += 1;
  const bridge = await addBridge();
  // The test runner removes the bridge by this note when the test is killed.
  await writeFile(join(dir, 'bridge.json'), JSON.stringify(bridge));
  const configFile = join(dir, 'daemon.json');
  await mkdir(join(dir, 'plugins/cli-plugins'), { recursive: true });
  await mkdir(join(dir, 'plain'));
  await cp(places.buildx, join(dir, 'plugins/cli-plugins/docker-buildx'));
  await writeFile(configFile, JSON.stringify(options.configuration ?? {}));

  const path =
    kind === 'current' ? `${places.currentBin}:${process.env['PATH']}` : (process.env['PATH'] ?? '');
  const program = kind === 'current' ? join(places.currentBin, 'dockerd') : places.oldDockerd;
  const own = [
    '--config-file',
    configFile,
    '--data-root',
    join(dir, 'data'),
    '--exec-root',
    join(dir, 'exec'),
  ];
  const args = [
    ...own,
    '-H',
    dockerHost,
    '--pidfile',
    join(dir, 'pid'),
    '-b',
    bridge.name,
    '--fixed-cidr',
    bridge.subnet,
  ];
  const child = spawn(program, args, {
    detached: true,
    env: { ...process.env, PATH: path, DOCKER_TMPDIR: dir },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = createWriteStream(join(dir, 'dockerd.log'));
  child.stdout?.pipe(log);
  child.stderr?.pipe(log);

  const readLog = () => readFile(join(dir, 'dockerd.log'), 'utf8');
  const env = ({ buildx = true } = {}) => ({
    ...process.env,
    DOCKER_HOST: dockerHost,
    DOCKER_CONFIG: join(dir, buildx ? 'plugins' : 'plain'),
  });
  const docker = (...args: string[]) => run(places.docker, args, { env: env(), maxBuffer: 64 * 1024 * 1024 });
  const stop = async () => {
    await endDaemon(child);
    unmountBelow(dir);
    removeBridge(bridge);
    await rm(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    await until('the engine answers', startLimitMs, async () => {
      if (child.exitCode !== null)
        throw new Error(`dockerd ended with ${child.exitCode}:\n${(await readLog()).slice(-4000)}`);
      return docker('version').then(
        () => true,
        () => false,
      );
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    kind,
    dockerHost,
    socket,
    dir,
    env,
    docker,
    async importBase(reference) {
      const certificates = 'ENV PIP_CERT=/etc/ssl/certs/ca-certificates.crt';
      await docker(
        'import',
        '--change',
        certificates,
        '--change',
        'CMD ["bash"]',
        part('images')[reference],
        reference,
      );
    },
    log: readLog,
    stop,
  };
}

/** A bridge with addresses that no other bridge here has; `--bridge none` would delete another engine's docker0. */
async function addBridge(): Promise<{ name: string; subnet: string }> {
  const { stdout } = await run('ip', ['-o', '-4', 'addr']);
  for (let third = (process.pid + started) % 200; third < 256; third += 1) {
    const name = `plimsoll${third}`;
    if (stdout.includes(` 10.213.${third}.`)) continue;
    try {
      await run('ip', ['link', 'add', name, 'type', 'bridge']);
    } catch {
      continue;
    }
    await run('ip', ['addr', 'add', `10.213.${third}.1/24`, 'dev', name]);
    await run('ip', ['link', 'set', name, 'up']);
    return { name, subnet: `10.213.${third}.0/24` };
  }
  throw new Error('No free bridge is left for an engine.');
}

/** dockerd ends its own containerd and its containers' shims when it is asked politely. */
async function endDaemon(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return;
  const ended = new Promise((done) => child.once('exit', done));
  child.kill('SIGTERM');
  const limit = setTimeout(() => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  }, stopLimitMs);
  await ended;
  clearTimeout(limit);
}

/** Mounts that a killed engine left behind keep its folder from being deleted. */
function unmountBelow(dir: string): void {
  const { stdout } = spawnSync('findmnt', ['-rno', 'TARGET'], { encoding: 'utf8' });
  const mounts = stdout.split('\n').filter((target) => target.startsWith(`${dir}/`));
  for (const target of mounts.sort().reverse()) spawnSync('umount', ['-l', target]);
}
