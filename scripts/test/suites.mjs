import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Suites that need more than node. A suite is a folder of test/; one that is not named here runs everywhere.
 * `parts`: names of scripts/parts. `limitSeconds`: a suite that runs longer is ended and has failed.
 * `alone`: one process per file, one at a time, because the files start editors or engines.
 */
const special = {
  host: { parts: ['editor'], limitSeconds: 600, alone: true },
  web: { parts: ['editor'], limitSeconds: 300, alone: true },
  ui: { parts: ['editor', 'packager'], limitSeconds: 600, alone: true },
  nvim: { parts: ['neovim'], limitSeconds: 120, alone: true },
  example: { parts: ['exampleService'], limitSeconds: 120, alone: true },
  engine: { parts: ['engines', 'images'], limitSeconds: 900, alone: true },
  image: { parts: ['engines', 'images'], limitSeconds: 900, alone: true },
  registry: { parts: ['engines', 'images', 'registry'], limitSeconds: 600, alone: true },
  quantizers: { parts: ['models'], limitSeconds: 600, alone: false },
  serving: { parts: ['python'], limitSeconds: 300, alone: true },
  peers: { parts: ['peers'], limitSeconds: 300, alone: true },
};

const ordinary = { parts: [], limitSeconds: 300, alone: false };

/** The suites that have tests: name, files relative to the root, parts, limit. Tests at the top of test/ are the suite `house`. */
export function findSuites(root, only = '') {
  const files = readdirSync(join(root, 'test'), { recursive: true })
    .map((file) => `test/${String(file).replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.test.ts') && !file.includes('/fixtures/') && file.includes(only))
    .sort();
  const byName = groupBy(files, suiteOf);
  return [...byName].map(([name, files]) => ({ name, files, ...(special[name] ?? ordinary) }));
}

function suiteOf(file) {
  const [, folder, ...rest] = file.split('/');
  return rest.length === 0 ? 'house' : folder;
}

function groupBy(values, keyOf) {
  const groups = new Map();
  for (const value of values) groups.set(keyOf(value), [...(groups.get(keyOf(value)) ?? []), value]);
  return groups;
}
