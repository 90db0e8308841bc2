import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheDir, installFolder, runLogged } from './cache.mjs';

const example = join(dirname(fileURLToPath(import.meta.url)), '../../examples/text-classification');
const requirements = join(example, 'requirements.txt');
const mark = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 8);
const folder = join(cacheDir, `example-service-${mark}`);
const places = { python: join(folder, 'bin/python') };

export const exampleService = {
  name: 'exampleService',
  what: 'a virtual environment with exactly what examples/text-classification installs',
  places,
  ready: () => existsSync(places.python),
  async install() {
    await installFolder(folder, async (half) => {
      // Scripts of a virtual environment name its folder; only its python is used here, which does not care.
      await runLogged('example-venv', 'python3', ['-m', 'venv', half]);
      const options = ['--require-hashes', '--no-deps', '-r', requirements];
      await runLogged('example-pip', join(half, 'bin/python'), ['-m', 'pip', 'install', ...options]);
    });
  },
};
