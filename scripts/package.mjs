#!/usr/bin/env node
// `npm run package`: VSIX files (universal, and for browser-only editors) and the command line as an npm package,
// from a build of their own, so that a running editor or test keeps its dist/.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installDependencies } from './dependencies.mjs';
import { packager } from './parts/packager.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const packed = [
  '.vscodeignore',
  'package.json',
  'package.nls.json',
  'package.nls.zh-cn.json',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
];
const commandLineFiles = ['cli.js', 'cli', 'worker.js', 'server', 'NOTICES.txt'];

/** Packages into `out`. Returns the paths: {universal, web, commandLine}. */
export async function packageAll(out) {
  await packager.install();
  const stage = join(out, `stage-${process.pid}`);
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const name = `${manifest.name}-${manifest.version}`;
  try {
    const { buildAll } = await import('./build.mjs');
    mkdirSync(stage, { recursive: true });
    await buildAll({ dist: join(stage, 'dist') });
    for (const file of [...packed, 'media', 'snippets']) {
      if (existsSync(join(root, file))) cpSync(join(root, file), join(stage, file), { recursive: true });
    }
    return {
      universal: vsix(stage, join(out, `${name}.vsix`)),
      web: vsix(stage, join(out, `${name}-web.vsix`), '--target', 'web'),
      commandLine: npmPackage(stage, out, manifest),
    };
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

function vsix(stage, file, ...args) {
  const quiet = ['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links'];
  run(process.execPath, [packager.places.vsce, 'package', ...quiet, '--out', file, ...args], stage);
  return file;
}

/** The bundles need none of the packages they were made from; only native ones stay dependencies. */
function npmPackage(stage, out, { name, version, description, license, bin, engines, dependencies }) {
  const folder = join(stage, 'command-line');
  mkdirSync(join(folder, 'media'), { recursive: true });
  for (const file of commandLineFiles) {
    if (existsSync(join(stage, 'dist', file)))
      cpSync(join(stage, 'dist', file), join(folder, 'dist', file), { recursive: true });
  }
  for (const file of ['README.md', 'LICENSE', 'media/l10n', 'media/rules', 'media/plimsoll.schema.json']) {
    if (existsSync(join(stage, file))) cpSync(join(stage, file), join(folder, file), { recursive: true });
  }
  const native = Object.fromEntries(
    Object.entries(dependencies).filter(([name]) => name === 'onnxruntime-node'),
  );
  const summary = description.startsWith('%')
    ? JSON.parse(readFileSync(join(root, 'package.nls.json'), 'utf8'))[description.slice(1, -1)]
    : description;
  const manifest = {
    name,
    version,
    description: summary,
    license,
    bin,
    engines: { node: engines.node },
    dependencies: native,
  };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', out], folder);
  return join(out, `${name}-${version}.tgz`);
}

function run(command, args, cwd) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  installDependencies(root);
  const out = join(root, '.build/packages');
  mkdirSync(out, { recursive: true });
  for (const path of Object.values(await packageAll(out))) {
    console.log(`${relative(root, path).padEnd(44)} ${(statSync(path).size / 1e6).toFixed(2)} MB`);
  }
}
