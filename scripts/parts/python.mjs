import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir, installFolder, runLogged } from './cache.mjs';

const packages = [
  'fastapi==0.104.1',
  'uvicorn==0.24.0',
  'gunicorn==23.0.0',
  'numpy==1.26.4',
  'onnx==1.19.1',
  'onnxruntime==1.23.2',
];
const mark = createHash('sha256').update(packages.join()).digest('hex').slice(0, 8);
const folder = join(cacheDir, `python-${mark}`);
const places = { python: join(folder, 'bin/python'), bin: join(folder, 'bin') };

export const python = {
  name: 'python',
  what: 'a virtual environment with fastapi, uvicorn, gunicorn, onnx and onnxruntime',
  places,
  ready: () => existsSync(places.python),
  async install() {
    await installFolder(folder, async (half) => {
      // Scripts of a virtual environment name its folder, so it is made for the folder it will be renamed to.
      await runLogged('python-venv', 'python3', ['-m', 'venv', half]);
      await runLogged('python-pip', join(half, 'bin/python'), [
        '-m',
        'pip',
        'install',
        '--only-binary=:all:',
        ...packages,
      ]);
      await runLogged('python-move', 'sed', ['-i', `s#${half}#${folder}#g`, ...scriptsNaming(half)]);
    });
  },
};

function scriptsNaming(half) {
  const bin = join(half, 'bin');
  return [join(half, 'pyvenv.cfg'), ...readdirSync(bin).map((name) => join(bin, name))].filter(
    (path) => lstatSync(path).isFile() && readFileSync(path, 'latin1').includes(half),
  );
}
