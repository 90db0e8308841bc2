import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './freePort';
import { part } from './parts';

/** Seconds until a server that says nothing is given up. It is up in one on an idle machine. */
const startLimitMs = 60_000;

export interface ServerOptions {
  /** A folder or a `.code-workspace` file's folder; it is copied, because the editor saves by itself. */
  folder: string;
  /** VSIX files to install, as a user does. */
  vsix?: string[];
  /** User settings beside the quiet defaults. */
  settings?: Record<string, unknown>;
  /** Ask for workspace trust as a desktop editor does. Default: no question, everything trusted. */
  askForTrust?: boolean;
  /** For the server and the extension host. */
  env?: Record<string, string>;
}

export interface VscodeServer {
  /** `127.0.0.1:PORT` */
  authority: string;
  /** The copy of the folder that the editor works on. */
  folder: string;
  /** Scratch folder of this server, deleted by `stop`. */
  home: string;
  stop(): Promise<void>;
}

/** Settings that keep the window to what a test looks at. */
const quietSettings = {
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'telemetry.telemetryLevel': 'off',
  'git.openRepositoryInParentFolders': 'never',
  'update.mode': 'none',
  'extensions.ignoreRecommendations': true,
  'window.commandCenter': false,
};

/** Starts a VS Code server of the test's own, with its own home, settings and extensions. */
export async function startVscodeServer(options: ServerOptions): Promise<VscodeServer> {
  const { node, codeServer } = part('editor');
  const home = await realpath(await mkdtemp(join(tmpdir(), 'plimsoll-editor-')));
  const folder = join(home, 'workspace');
  await cp(options.folder, folder, { recursive: true });
  await mkdir(join(home, 'data/User'), { recursive: true });
  const settings = JSON.stringify({ ...quietSettings, ...options.settings }, null, 2);
  await writeFile(join(home, 'data/User/settings.json'), settings);
  await mkdir(join(home, 'data/Machine'), { recursive: true });

  const env = { ...process.env, ...options.env, HOME: home, TMPDIR: home, XDG_RUNTIME_DIR: home };
  const main = join(codeServer, 'lib/vscode/out/server-main.js');
  const places = [
    '--user-data-dir',
    join(home, 'data'),
    '--server-data-dir',
    join(home, 'server'),
    '--extensions-dir',
    join(home, 'extensions'),
  ];
  for (const vsix of options.vsix ?? []) {
    const install = [main, ...places, '--accept-server-license-terms', '--install-extension', vsix];
    await promisify(execFile)(node, install, { env, timeout: startLimitMs });
  }

  const port = await freePort();
  const flags = [
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
    '--without-connection-token',
    '--accept-server-license-terms',
  ];
  const behaviour = [
    '--enable-smoke-test-driver',
    '--disable-telemetry',
    ...(options.askForTrust ? [] : ['--disable-workspace-trust']),
  ];
  const child = spawn(node, [main, ...flags, ...behaviour, ...places], {
    detached: true,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stop = async () => {
    await endGroup(child);
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await saysListening(child);
  } catch (error) {
    await stop();
    throw error;
  }
  return { authority: `127.0.0.1:${port}`, folder, home, stop };
}

function saysListening(child: ChildProcess): Promise<void> {
  return new Promise((done, fail) => {
    let said = '';
    const limit = setTimeout(
      () => fail(new Error(`The VS Code server did not start:\n${said}`)),
      startLimitMs,
    );
    const listen = (chunk: Buffer) => {
      said += chunk.toString();
      if (!said.includes('Extension host agent listening on')) return;
      clearTimeout(limit);
      done();
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('exit', (code) => {
      clearTimeout(limit);
      fail(new Error(`The VS Code server ended with ${code}:\n${said}`));
    });
  });
}

/** The whole group, because file watchers and extension hosts outlive the server's own process. */
async function endGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) return;
  const ended = child.exitCode !== null ? Promise.resolve() : new Promise((done) => child.once('exit', done));
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
  await ended;
}
