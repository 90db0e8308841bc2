import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { editor, installEditor } from '../parts/editor.mjs';
import { packager } from '../parts/packager.mjs';
import { packageAll } from '../package.mjs';

/** Files of the browser's editor for a first look: no questions, no welcome page. */
const settings = {
  'workbench.startupEditor': 'none',
  // The browser's editor saves by itself otherwise, and the example would change.
  'files.autoSave': 'off',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'telemetry.telemetryLevel': 'off',
  'git.openRepositoryInParentFolders': 'never',
};

/** True when desktop VS Code is on this machine. */
export function hasDesktopEditor() {
  const { status } = spawnSync('code', ['--version'], {
    stdio: 'ignore',
    shell: process.platform === 'win32',
  });
  return status === 0;
}

/** Opens desktop VS Code on the folder with the extension from this checkout. */
export function openDesktopEditor(root, folder) {
  const args = ['--new-window', `--extensionDevelopmentPath=${root}`, folder];
  spawn('code', args, { detached: true, stdio: 'ignore', shell: process.platform === 'win32' }).unref();
  console.log('\nVisual Studio Code opens with the extension running.');
}

/** Serves VS Code to a browser of this machine until Ctrl-C. Only who has the printed address can use it. */
export async function serveBrowserEditor(root, folder) {
  await withProgress('Installing VS Code in the browser (npm code-server, 600 MB, once)', () =>
    Promise.all([installEditor(), packager.install()]),
  );
  const home = mkdtempSync(join(tmpdir(), 'plimsoll-start-'));
  let child;
  const stop = () => {
    if (child?.pid) endGroup(child.pid);
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  };
  process.once('exit', stop);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(130));

  const { universal } = await withProgress('Packing the extension', () => packageAll(home));
  const main = join(editor.places.codeServer, 'lib/vscode/out/server-main.js');
  const places = [
    '--user-data-dir',
    join(home, 'data'),
    '--server-data-dir',
    join(home, 'server'),
    '--extensions-dir',
    join(home, 'extensions'),
  ];
  mkdirSync(join(home, 'data/User'), { recursive: true });
  writeFileSync(join(home, 'data/User/settings.json'), JSON.stringify(settings));
  const terms = '--accept-server-license-terms';
  const installed = spawnSync(
    editor.places.node,
    [main, ...places, terms, '--install-extension', universal],
    { encoding: 'utf8' },
  );
  if (installed.status !== 0)
    throw new Error(`The extension could not be installed:\n${installed.stdout}${installed.stderr}`);

  const token = randomBytes(16).toString('hex');
  // In a file: a program's arguments can be read by every user of the machine.
  writeFileSync(join(home, 'token'), token, { mode: 0o600 });
  const port = await freePort();
  const args = [
    main,
    ...places,
    terms,
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
    '--connection-token-file',
    join(home, 'token'),
  ];
  const env = { ...process.env, TMPDIR: home, XDG_RUNTIME_DIR: home };
  child = spawn(editor.places.node, [...args, '--disable-telemetry', '--disable-workspace-trust'], {
    detached: true,
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await new Promise((done, fail) => {
    child.stdout.on('data', (chunk) => String(chunk).includes('agent listening') && done());
    child.once('exit', (code) => fail(new Error(`VS Code ended with ${code}.`)));
  });
  console.log(
    `\nOpen http://127.0.0.1:${port}/?tkn=${token}&folder=${encodeURIComponent(folder)}\nCtrl-C stops it.`,
  );
  await new Promise((done) => child.once('exit', done));
}

function endGroup(pid) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

function freePort() {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.on('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

async function withProgress(what, job) {
  const started = performance.now();
  const show = () =>
    process.stdout.write(`\r${what} ... ${((performance.now() - started) / 1000).toFixed(0)} s `);
  const timer = setInterval(show, 1000);
  try {
    return await job();
  } finally {
    clearInterval(timer);
    show();
    process.stdout.write('\n');
  }
}
