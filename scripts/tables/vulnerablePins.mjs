// Checks the ranges of vulnerablePins.json against the advisories they name. The table itself is written by hand: an
// effect in our words, only for packages of AI services.
//
// node scripts/tables/vulnerablePins.mjs CLONE    CLONE = a clone of pypa/advisory-database
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** `[{introduced, fixed}]` of an OSV advisory in YAML, for its version ranges (not its commit ranges). */
export function advisoryRanges(yaml) {
  const ranges = [];
  for (const block of yaml.split(/^\s*- type: /m).slice(1)) {
    if (!block.startsWith('ECOSYSTEM')) continue;
    let introduced;
    for (const [, event, version] of block.matchAll(/^\s*- (introduced|fixed): ['"]?([^'"\s]+)['"]?$/gm)) {
      if (event === 'introduced') introduced = version;
      else ranges.push({ introduced: introduced ?? '0', fixed: version });
    }
  }
  return ranges;
}

function main() {
  const clone = process.argv[2];
  const table = JSON.parse(
    readFileSync(new URL('../../server/src/lint/data/vulnerablePins.json', import.meta.url), 'utf8'),
  );
  let wrong = 0;
  for (const { package: name, introduced, fixed, id, source } of table.rows) {
    const advisory = /PYSEC-\d+-\d+/.exec(source)?.[0];
    const path = advisory && join(clone, 'vulns', name, `${advisory}.yaml`);
    if (!path || !existsSync(path)) {
      process.stdout.write(`${id} ${name}: not checked (${source})\n`);
      continue;
    }
    const fits = advisoryRanges(readFileSync(path, 'utf8')).some(
      (range) => range.introduced === introduced && range.fixed === fixed,
    );
    if (!fits) wrong++;
    process.stdout.write(`${id} ${name}: ${fits ? 'ok' : 'DIFFERS'}\n`);
  }
  process.exitCode = wrong === 0 ? 0 : 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main();
