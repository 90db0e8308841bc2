#!/usr/bin/env node
// Writes server/src/lint/data/removedPackages.json: Debian packages that Dockerfiles still ask for, and the releases
// that have them. Reads the Packages indices of the mirror in this machine's apt sources.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const releases = { 11: 'bullseye', 12: 'bookworm', 13: 'trixie' };

/** Name people write -> what does the same where it is gone; null where nothing does by one name. */
const candidates = {
  'libgl1-mesa-glx': 'libgl1',
  'libegl1-mesa': 'libegl1',
  'libglib2.0-0': 'libglib2.0-0t64',
  libasound2: 'libasound2t64',
  'libgtk2.0-0': 'libgtk2.0-0t64',
  'libgtk-3-0': 'libgtk-3-0t64',
  'libpng16-16': 'libpng16-16t64',
  libssl3: 'libssl3t64',
  'libssl1.1': null,
  'libatlas-base-dev': 'libopenblas-dev',
  'libatlas3-base': 'libopenblas0',
  libncurses5: 'libncurses6',
  'libncurses5-dev': 'libncurses-dev',
  'software-properties-common': null,
  'python-pip': 'python3-pip',
  'python-dev': 'python3-dev',
  'python-setuptools': 'python3-setuptools',
  'python-numpy': 'python3-numpy',
  'python3-distutils': 'python3-setuptools',
  'python3.9': null,
  'python3.11': null,
  'python3.11-dev': null,
  'python3.11-venv': null,
  'openjdk-11-jdk': 'default-jdk',
  'openjdk-11-jre-headless': 'default-jre-headless',
  'openjdk-17-jdk': 'default-jdk',
  'openjdk-17-jre-headless': 'default-jre-headless',
  'gcc-10': 'gcc',
  'gcc-11': 'gcc',
  'g++-11': 'g++',
  libavcodec58: 'libavcodec-extra',
  libtbb2: 'libtbb12',
  'libjasper-dev': null,
  'libdc1394-22-dev': 'libdc1394-dev',
  'libjpeg62-turbo': 'libjpeg62-turbo',
  libtiff5: 'libtiff6',
  'mime-support': 'media-types',
  ntpdate: 'ntpsec-ntpdate',
  netcat: 'netcat-openbsd',
  wkhtmltopdf: null,
  'ttf-mscorefonts-installer': null,
};

function mirror() {
  const folder = '/etc/apt/sources.list.d';
  for (const name of readdirSync(folder)) {
    const uri = /^URIs:\s*(\S+)/m.exec(readFileSync(join(folder, name), 'utf8'))?.[1];
    if (uri && !uri.includes('security')) return uri.replace(/\/$/, '');
  }
  throw new Error(`No URIs in ${folder}: run this on Debian with deb822 sources.`);
}

/** Names a release has, virtual ones included: apt installs those when one package provides them. */
function namesOf(base, codename) {
  const packed = execFileSync('curl', ['-sfL', `${base}/dists/${codename}/main/binary-amd64/Packages.xz`], {
    maxBuffer: 1 << 28,
  });
  const text = execFileSync('xz', ['-dc'], { input: packed, maxBuffer: 1 << 29 }).toString('utf8');
  const names = new Set();
  for (const [, field, value] of text.matchAll(/^(Package|Provides): (.*)$/gm)) {
    if (field === 'Package') names.add(value);
    else for (const one of value.split(',')) names.add(one.trim().split(' ')[0]);
  }
  return names;
}

const base = mirror();
const known = Object.entries(releases).map(([version, codename]) => [version, namesOf(base, codename)]);
const packages = {};
for (const [name, instead] of Object.entries(candidates)) {
  const has = known.filter(([, names]) => names.has(name)).map(([version]) => version);
  // A name that every release has, or none, says nothing about a release.
  if (has.length === 0 || has.length === known.length) continue;
  // A replacement is offered only where the index has it.
  const insteadReleases = known
    .filter(([, names]) => instead !== null && names.has(instead))
    .map(([version]) => version);
  packages[name] = { releases: has, ...(insteadReleases.length === 0 ? {} : { instead, insteadReleases }) };
}
const table = {
  date: new Date().toISOString().slice(0, 10),
  source: 'Packages indices of Debian 11, 12 and 13, main, amd64; virtual packages count',
  script: 'scripts/tables/removedPackages.mjs',
  known: known.map(([version]) => version),
  packages,
};
const out = resolve(fileURLToPath(import.meta.url), '../../../server/src/lint/data/removedPackages.json');
writeFileSync(out, `${JSON.stringify(table, null, 2)}\n`);
console.log(`${Object.keys(packages).length} packages`);
