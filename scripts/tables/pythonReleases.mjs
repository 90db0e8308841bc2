// When each Python series stops getting security fixes.
//
// node scripts/tables/pythonReleases.mjs [FILE]    FILE = a saved copy of release-cycle.json, else it is fetched
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const source = 'https://peps.python.org/api/release-cycle.json';

/** Rows `{version, firstRelease, endOfLife}` of the release cycle, newest first. A month stands where no day is set yet. */
export function releaseRows(cycle) {
  return Object.entries(cycle)
    .filter(([, entry]) => entry.first_release && entry.end_of_life)
    .map(([version, entry]) => ({
      version,
      firstRelease: entry.first_release,
      endOfLife: entry.end_of_life,
    }));
}

async function main() {
  const file = process.argv[2];
  const text = file ? readFileSync(file, 'utf8') : await (await fetch(source)).text();
  const date = new Date().toISOString().slice(0, 10);
  const rows = releaseRows(JSON.parse(text)).map((row) => `  ${JSON.stringify(row)}`);
  const head = JSON.stringify({ date, source, script: 'scripts/tables/pythonReleases.mjs' }).slice(0, -1);
  writeFileSync(
    new URL('../../server/src/lint/data/pythonReleases.json', import.meta.url),
    `${head},"rows":[\n${rows.join(',\n')}\n]}\n`,
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) void main(); // a rejection ends the process with its stack
