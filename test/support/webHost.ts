import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { extname, join, normalize, resolve } from 'node:path';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import type { TestContext } from 'node:test';
import { openBrowser, type DisplayLanguage } from './browser';
import { compileHostTests } from './compileHostTests';
import { hostOutcomes, tellOutcomes } from './hostTests';
import { part } from './parts';

const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.ttf': 'font/ttf',
};

/** What the workbench must read differently to work with no server behind it; each must match exactly once. */
const patches: { what: string; pattern: RegExp; replacement: string }[] = [
  {
    what: 'user data in the browser',
    pattern:
      /get userRoamingDataHome\(\)\{return \w+\((\w+)\.file\(this\.userDataPath\)\.with\(\{scheme:(\w+)\.vscodeRemote\}\),"User"\)\}/,
    replacement: 'get userRoamingDataHome(){return $1.file("/User").with({scheme:$2.vscodeUserData})}',
  },
  {
    what: 'no remote authority',
    pattern: /(\{\.\.\.JSON\.parse\(\w+\)),remoteAuthority:location\.host\}/,
    replacement: '$1}',
  },
];

/** Below the extension, because the workbench runs tests in the host of the extension that contains them. */
const testsPath = '/extension/.tests/hostTests.js';

export interface WebTestOptions {
  /** Mocha files (`*.mocha.ts`) that use no node, relative to the repository's root. */
  files: string[];
  /** The workspace, served read-only to a virtual file system; writes stay in the browser. */
  folder: string;
  /** Folder of the extension under test. Default: the repository's root. */
  extension?: string;
  language?: DisplayLanguage;
}

/** Runs Mocha files in the web worker extension host of a browser-only editor, and tells each test as a subtest. */
export async function runWebTests(t: TestContext, options: WebTestOptions): Promise<void> {
  await mkdir('.build', { recursive: true });
  const out = await mkdtemp(join(process.cwd(), '.build/web-'));
  t.after(() => rm(out, { recursive: true, force: true }));
  await compileHostTests(options.files, 'web', join(out, 'hostTests.js'));

  const server = await serve(options, out);
  t.after(() => server.close());
  const browser = await openBrowser(options.language);
  t.after(() => browser.close());
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  const url = `http://127.0.0.1:${address.port}/?folder=${encodeURIComponent('webfiles:/workspace')}`;
  await tellOutcomes(t, await hostOutcomes(browser.page, url));
}

async function serve(options: WebTestOptions, out: string): Promise<Server> {
  const vscode = join(part('editor').codeServer, 'lib/vscode');
  const mounts: Record<string, string> = {
    out: join(vscode, 'out'),
    extensions: join(vscode, 'extensions'),
    extension: resolve(options.extension ?? '.'),
    workspace: resolve(options.folder),
    webFiles: resolve('test/support/webFiles'),
  };
  const workbench = patchedWorkbench(vscode);
  const made: Record<string, (host: string) => string> = {
    '/': (host) => page(vscode, host),
    '/out/vs/code/browser/workbench/workbench.js': () => workbench,
    '/workspace/.index.json': () => JSON.stringify(filesBelow(options.folder)),
    '/webFiles/package.nls.json': () => '{}',
    [testsPath]: () => readFileSync(join(out, 'hostTests.js'), 'utf8'),
  };
  const server = createServer((request, response) => {
    const host = request.headers.host ?? '';
    const path = decodeURIComponent(new URL(request.url ?? '/', `http://${host}`).pathname);
    const send = (body: string | Buffer) =>
      response.writeHead(200, { 'content-type': types[extname(path)] ?? 'text/html' }).end(body);
    const [, mount = '', ...rest] = normalize(path).split('/');
    const root = mounts[mount];
    const text = made[path]?.(host);
    if (text !== undefined) send(text);
    else if (root === undefined) response.writeHead(404).end();
    else readFile(join(root, ...rest)).then(send, () => response.writeHead(404).end());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return server;
}

function patchedWorkbench(vscode: string): string {
  let text = readFileSync(join(vscode, 'out/vs/code/browser/workbench/workbench.js'), 'utf8');
  for (const { what, pattern, replacement } of patches) {
    assert.match(text, pattern, `This code-server's workbench has no place to patch for: ${what}`);
    text = text.replace(pattern, replacement);
  }
  return text;
}

function page(vscode: string, host: string): string {
  const uri = (path: string) => ({ scheme: 'http', authority: host, path });
  const { extensionsGallery: _, ...product } = JSON.parse(
    readFileSync(join(vscode, 'product.json'), 'utf8'),
  ) as Record<string, unknown>;
  const configuration = {
    productConfiguration: product,
    userDataPath: '/User',
    // code-server's own additions; its workbench throws without them.
    isEnabledFileDownloads: true,
    isEnabledFileUploads: true,
    isEnabledCoderGettingStarted: false,
    // The editor's own language for Dockerfiles is not compiled into the web build.
    additionalBuiltinExtensions: ['docker', 'yaml']
      .map((name) => uri(`/extensions/${name}`))
      .concat(uri('/webFiles')),
    developmentOptions: {
      extensions: [uri('/extension')],
      extensionTestsPath: uri(testsPath),
      enableSmokeTestDriver: true,
    },
  };
  const values: Record<string, string> = {
    WORKBENCH_WEB_CONFIGURATION: JSON.stringify(configuration).replaceAll('"', '&quot;'),
    WORKBENCH_AUTH_SESSION: '',
    WORKBENCH_WEB_BASE_URL: `http://${host}`,
    WORKBENCH_NLS_URL: `http://${host}/out/nls.messages.js`,
    WORKBENCH_NLS_FALLBACK_URL: `http://${host}/out/nls.messages.js`,
    WORKBENCH_SCRIPT_NONCE: 'test',
    BASE: `http://${host}`,
    VS_BASE: `http://${host}`,
  };
  const html = readFileSync(join(vscode, 'out/vs/code/browser/workbench/workbench.html'), 'utf8');
  return html.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => values[name] ?? whole);
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) throw new Error(`There is no folder ${folder}.`);
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(resolve(folder).length + 1))
    .sort();
}
