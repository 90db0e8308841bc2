import { execFile } from 'node:child_process';

/** What `docker` on this machine answers. A null says that the question got no answer. */
export interface EngineProbe {
  /** Version of the docker command; null when there is none on the PATH. */
  readonly clientVersion: string | null;
  /** Version of the engine; null when none answers. */
  readonly serverVersion: string | null;
  /** First line of what the command said when no engine answered. */
  readonly refusal: string | null;
  readonly buildxVersion: string | null;
  /** How a GPU could reach a container: `nvidia runtime`, `CDI nvidia.com/gpu`; empty when it could not. */
  readonly gpuPaths: readonly string[];
}

/** An engine that does not answer within this is treated as absent. */
const answerLimitMs = 5000;

/** Asks the docker command; starts nothing, changes nothing. */
export async function probeEngine(): Promise<EngineProbe> {
  const client = await docker(['--version']);
  if (client.missing)
    return { clientVersion: null, serverVersion: null, refusal: null, buildxVersion: null, gpuPaths: [] };
  const [server, buildx, info] = await Promise.all([
    docker(['version', '--format', '{{.Server.Version}}']),
    docker(['buildx', 'version']),
    docker(['info', '--format', '{{json .}}']),
  ]);
  const serverVersion = server.ok ? server.text : null;
  return {
    clientVersion: /version ([\w.+-]+)/.exec(client.text)?.[1] ?? null,
    serverVersion,
    refusal: serverVersion === null ? firstLine(server.text) : null,
    buildxVersion: buildx.ok ? (/v?\d+\.\d+\.\d+\S*/.exec(buildx.text)?.[0] ?? null) : null,
    gpuPaths: info.ok ? gpuPathsIn(info.text) : [],
  };
}

interface Answer {
  readonly ok: boolean;
  readonly missing: boolean;
  readonly text: string;
}

function docker(args: readonly string[]): Promise<Answer> {
  return new Promise((resolve) => {
    execFile('docker', [...args], { timeout: answerLimitMs, maxBuffer: 1 << 22 }, (error, stdout, stderr) => {
      const missing = error !== null && 'code' in error && error.code === 'ENOENT';
      resolve({ ok: error === null, missing, text: (error === null ? stdout : stderr || stdout).trim() });
    });
  });
}

/** Runtimes and discovered CDI devices of `docker info` (API 1.44 and up list the latter). */
function gpuPathsIn(json: string): readonly string[] {
  let info: { Runtimes?: Record<string, unknown> | null; DiscoveredDevices?: { ID?: string }[] | null };
  try {
    info = JSON.parse(json) as typeof info;
  } catch {
    return [];
  }
  const devices = (info.DiscoveredDevices ?? []).flatMap(({ ID }) => (ID === undefined ? [] : `CDI ${ID}`));
  return [...(info.Runtimes && 'nvidia' in info.Runtimes ? ['nvidia runtime'] : []), ...devices];
}

function firstLine(text: string): string | null {
  return text.split('\n').find((line) => line.trim() !== '') ?? null;
}
