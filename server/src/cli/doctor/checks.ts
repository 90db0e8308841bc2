import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type EngineProbe, probeEngine } from '../../engine/probeEngine';
import type { Message } from '../../protocol/message';
import { byteText } from '../../project/byteText';

/** One thing Plimsoll may need, and what it found. `what` and `next` say more where it is not well. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly found?: string;
  readonly what?: Message;
  readonly next?: Message;
}

/** Room a torch image with its build cache takes. */
const diskWanted = 10e9;

export async function doctorChecks(cwd: string): Promise<readonly Check[]> {
  const engine = await probeEngine();
  return [
    nodeCheck(),
    engineCheck(engine),
    buildxCheck(engine),
    gpuCheck(engine),
    diskCheck(cwd),
    editorsCheck(),
    modelsCheck(),
  ];
}

function nodeCheck(): Check {
  return {
    name: 'node',
    ok: Number(process.versions.node.split('.')[0]) >= 20,
    found: process.versions.node,
  };
}

function engineCheck(engine: EngineProbe): Check {
  if (engine.serverVersion !== null) return { name: 'engine', ok: true, found: engine.serverVersion };
  if (engine.clientVersion === null) {
    return {
      name: 'engine',
      ok: false,
      what: {
        template:
          'There is no docker command. Linting and estimating work without it; building and running do not',
      },
      next: { template: 'Install Docker, or Podman with its docker command' },
    };
  }
  return {
    name: 'engine',
    ok: false,
    what: {
      template: 'The docker command is there, but no engine answers: {text}',
      with: { text: engine.refusal ?? '' },
    },
    next: { template: 'Start the engine, or set DOCKER_HOST or a docker context that reaches one' },
  };
}

function buildxCheck(engine: EngineProbe): Check {
  if (engine.buildxVersion !== null) return { name: 'buildx', ok: true, found: engine.buildxVersion };
  return {
    name: 'buildx',
    ok: false,
    what: { template: 'There is no buildx: builds cannot use secrets, mounts or several platforms' },
    next: { template: 'Install the docker-buildx plugin' },
  };
}

function gpuCheck(engine: EngineProbe): Check {
  if (engine.gpuPaths.length > 0) return { name: 'gpu', ok: true, found: engine.gpuPaths.join(', ') };
  return {
    name: 'gpu',
    ok: false,
    what: {
      template: 'No GPU can reach a container: the engine has neither the NVIDIA runtime nor a CDI device',
    },
    next: {
      template: 'On a machine with a GPU, install nvidia-container-toolkit and run nvidia-ctk cdi generate',
    },
  };
}

function diskCheck(cwd: string): Check {
  const { bavail, bsize } = statfsSync(existsSync(cwd) ? cwd : tmpdir());
  const free = bavail * bsize;
  if (free >= diskWanted) return { name: 'disk', ok: true, found: byteText(free) };
  return {
    name: 'disk',
    ok: false,
    found: byteText(free),
    what: {
      template: 'Less than {wanted} are free: a build with torch fails',
      with: { wanted: byteText(diskWanted) },
    },
    next: { template: 'Free space, for instance with docker system df and docker builder prune' },
  };
}

function editorsCheck(): Check {
  const found = ['code', 'codium', 'code-server', 'cursor', 'nvim', 'hx', 'zed'].filter(isOnPath);
  if (found.length > 0) return { name: 'editors', ok: true, found: found.join(', ') };
  return {
    name: 'editors',
    ok: false,
    what: { template: 'No editor that Plimsoll knows is on the PATH' },
    next: { template: 'Any editor with a language client works with plimsoll lsp --stdio' },
  };
}

/** Native ONNX Runtime: quantizing and reading models work without it, verifying and serving do not. */
function modelsCheck(): Check {
  try {
    const { version } = createRequire(__filename)('onnxruntime-node/package.json') as { version: string };
    return { name: 'models', ok: true, found: `onnxruntime ${version}` };
  } catch {
    return {
      name: 'models',
      ok: false,
      what: {
        template: 'ONNX Runtime is not installed for {platform}: models cannot be verified or served',
        with: { platform: `${process.platform}-${process.arch}` },
      },
      next: { template: 'Install onnxruntime-node beside plimsoll' },
    };
  }
}

function isOnPath(program: string): boolean {
  const names = process.platform === 'win32' ? [`${program}.exe`, `${program}.cmd`] : [program];
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .some((folder) => names.some((name) => isExecutable(join(folder, name))));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
