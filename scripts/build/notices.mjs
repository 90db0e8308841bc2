import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The licences of every package that has code in one of the bundles, as their terms ask. */
export function notices(root, metafiles) {
  const packages = new Set();
  for (const { inputs } of metafiles) {
    for (const input of Object.keys(inputs)) {
      const name = /^node_modules\/((?:@[^/]+\/)?[^/]+)(?:\/node_modules\/((?:@[^/]+\/)?[^/]+))*\//.exec(
        input,
      );
      if (name) packages.add(name[0]);
    }
  }
  return [...packages]
    .sort()
    .map((folder) => noticeOf(join(root, folder)))
    .join('\n');
}

function noticeOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = existsSync(folder) && readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? readFileSync(join(folder, file), 'utf8').trim() : '';
  return `${name} ${version} (${license})\n\n${text}\n\n${'-'.repeat(80)}\n`;
}
