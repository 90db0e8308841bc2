#!/usr/bin/env node
// Bundles what exists to dist/, without network. Bundles' metafiles go to .build/meta, where checks read sizes.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { notices } from './build/notices.mjs';
import { dataTables, lateBundles, posixPath } from './build/plugins.mjs';
import { writeChanged } from './build/writeChanged.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');
/** Nobody waits for a warm-up: a command that hangs in it loses its code cache, not the build. */
const warmUpLimitMs = 20_000;

/** Native packages are loaded from node_modules, and the editor's own module from the editor. */
const external = ['vscode', 'onnxruntime-node', 'sharp', '@img/*', 'cpu-features', '*.node'];

const common = {
  absWorkingDir: root,
  bundle: true,
  format: 'cjs',
  target: 'node20',
  minify: true,
  legalComments: 'none',
  metafile: true,
  write: false,
  logLevel: 'error',
  external,
  // `import()` becomes a late `require`: inside a CommonJS bundle that skips node's slower module loader.
  supported: { 'dynamic-import': false },
};

const commandFiles = typescriptFiles('server/src/cli/commands');
const panels = folders('media').filter((name) => existsSync(join(root, 'media', name, 'main.ts')));

/** Each group is one run of esbuild: name, outputs by source, options. */
const groups = [
  {
    name: 'cli',
    entries: [
      ['server/src/cli/main.ts', 'cli.js'],
      ...commandFiles.map((file) => [`server/src/cli/commands/${file}.ts`, `cli/${file}.js`]),
    ],
    options: { platform: 'node' },
    cached: true,
  },
  {
    name: 'server',
    entries: [
      ['server/src/lsp/node.ts', 'server.js'],
      ['server/src/worker/main.ts', 'worker.js'],
    ],
    options: { platform: 'node' },
  },
  {
    name: 'client',
    entries: [
      ['client/src/extension.ts', 'extension.js'],
      ['client/src/languageClient.ts', 'languageClient.js'],
    ],
    options: { platform: 'node' },
  },
  {
    name: 'client-web',
    entries: [['client/src/web/extension.ts', 'extension.web.js']],
    options: { platform: 'browser', target: 'es2022' },
  },
  {
    name: 'server-web',
    entries: [['server/src/lsp/web.ts', 'server.web.js']],
    options: { platform: 'browser', target: 'es2022', format: 'iife' },
  },
  {
    name: 'media',
    entries: panels.map((panel) => [`media/${panel}/main.ts`, `media/${panel}.js`]),
    options: { platform: 'browser', target: 'es2022', format: 'iife', external: [] },
  },
];

function typescriptFiles(folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder))
    .filter((file) => extname(file) === '.ts')
    .map((file) => basename(file, '.ts'));
}

function folders(parent) {
  if (!existsSync(join(root, parent))) return [];
  return readdirSync(join(root, parent), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}

async function bundle({ name, entries, options, cached = false }) {
  const present = entries.filter(([source]) => existsSync(join(root, source)));
  if (present.length === 0) return undefined;
  const bundles = new Map(present.map(([source, output]) => [join(root, source), join(dist, output)]));
  const result = await build({
    ...common,
    ...options,
    outdir: dist,
    entryPoints: present.map(([source, output]) => ({ in: source, out: output.replace(/\.js$/, '') })),
    plugins: [posixPath, dataTables, lateBundles({ bundles, cached })],
  });
  const changed = result.outputFiles.filter((file) => write(file, cached)).map((file) => file.path);
  writeChanged(join(root, '.build/meta', `${name}.json`), JSON.stringify(result.metafile));
  return { metafile: result.metafile, changed };
}

/** A cached bundle ends in the mark that ties its code cache to it; see loadCached.cjs. */
function write({ path, text, contents }, cached) {
  if (!cached || dirname(path) === dist) {
    const shebang = path === join(dist, 'cli.js') && !text.startsWith('#!') ? '#!/usr/bin/env node\n' : '';
    return writeChanged(path, shebang === '' ? contents : shebang + text, {
      executable: path === join(dist, 'cli.js'),
    });
  }
  const mark = createHash('sha256').update(contents).digest('hex').slice(0, 16);
  return writeChanged(path, `${text.trimEnd()}\n//${mark}\n`);
}

/** Commands worth a warm code cache, with the arguments of a common run. The folder is linted, never changed. */
function warmUps() {
  const example = ['examples/text-classification-as-found', 'examples'].find((path) =>
    existsSync(join(root, path)),
  );
  return new Map([
    ['lint', ['lint', example ?? 'docs', '--fail-on', 'never']],
    ['rules', ['rules']],
    ['explain', ['explain', 'final-stage-runs-as-root']],
    ['size', ['size', '--context', example ?? 'docs']],
  ]);
}

async function warmCodeCaches() {
  const stale = [...warmUps()].filter(([command]) => existsSync(join(dist, 'cli', `${command}.js`)));
  await Promise.all(stale.map(([, commandLine]) => warm(commandLine)));
}

function warm(commandLine) {
  return new Promise((done) => {
    const child = spawn(
      process.execPath,
      [join(root, 'scripts/build/warmCodeCache.cjs'), dist, ...commandLine],
      {
        cwd: root,
        stdio: 'ignore',
        timeout: warmUpLimitMs,
      },
    );
    child.on('exit', done);
    child.on('error', done);
  });
}

/** Builds everything that exists. Throws esbuild's error, already printed, when a bundle fails. */
export async function buildAll() {
  const built = (await Promise.all(groups.map(bundle))).filter((group) => group !== undefined);
  writeChanged(
    join(dist, 'NOTICES.txt'),
    notices(
      root,
      built.map(({ metafile }) => metafile),
    ),
  );
  const changed = built.flatMap((group) => group.changed);
  if (changed.some((path) => path.startsWith(dist) && path.includes('cli'))) await warmCodeCaches();
  return changed.map((path) => relative(root, path));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const started = performance.now();
  try {
    const changed = await buildAll();
    console.log(
      `built dist/ in ${((performance.now() - started) / 1000).toFixed(1)} s, ${changed.length} files changed`,
    );
  } catch (error) {
    if (!('errors' in error)) console.error(error);
    process.exitCode = 1;
  }
}
