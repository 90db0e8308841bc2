import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What is bundled: each group is one run of esbuild. `entries`: source to output in dist/, without its ending.
 * `chunks`: folder in dist/ for what the group's files share or load late; without it every output is one file.
 */
export function groups(root) {
  const panels = readdirSync(join(root, 'media'), { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && existsSync(join(root, 'media', entry.name, 'main.ts')),
  );
  const all = [
    { name: 'cli', platform: 'node', chunks: 'cli', entries: { 'server/src/cli/main.ts': 'cli' } },
    {
      name: 'server',
      platform: 'node',
      chunks: 'server',
      entries: { 'server/src/lsp/node.ts': 'server', 'server/src/worker/main.ts': 'worker' },
    },
    {
      name: 'client',
      platform: 'node',
      chunks: 'client',
      entries: { 'client/src/extension.ts': 'extension' },
    },
    // A web worker cannot require a second file, so these are one file each.
    {
      name: 'client-web',
      platform: 'browser',
      format: 'cjs',
      entries: { 'client/src/web/extension.ts': 'extension.web' },
    },
    {
      name: 'server-web',
      platform: 'browser',
      format: 'iife',
      entries: { 'server/src/lsp/web.ts': 'server.web' },
    },
    {
      name: 'media',
      platform: 'browser',
      format: 'iife',
      entries: Object.fromEntries(panels.map(({ name }) => [`media/${name}/main.ts`, `media/${name}`])),
    },
  ];
  return all
    .map((group) => ({ ...group, entries: present(root, group.entries) }))
    .filter(({ entries }) => Object.keys(entries).length > 0);
}

function present(root, entries) {
  return Object.fromEntries(Object.entries(entries).filter(([source]) => existsSync(join(root, source))));
}

/** Commands that are worth a warm code cache, each as a common run. They read the folder and change nothing. */
export function warmUps(root) {
  const examples = ['examples/text-classification-as-found', 'examples/text-classification', 'docs'];
  const folder = examples.find((path) => existsSync(join(root, path)));
  return [
    ['--help'],
    ['rules'],
    ['explain', 'final-stage-runs-as-root'],
    ['size', '--context', folder],
    ['lint', folder, '--fail-on', 'never'],
  ];
}
