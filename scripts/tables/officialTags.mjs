// Which Debian or Alpine release is behind the tags of Docker's official images, at every patch version.
//
// Source: the `library/` files of docker-library/official-images and their history. A tag that names no release
// (`python:3.11.4-slim`) shares a line with one that does (`3.11.4-slim-bookworm`); the last line that named a
// tag tells what a pull of it gives today, because a tag that left the file is never built again.
//
// node scripts/tables/officialTags.mjs CLONE    CLONE = a full clone of docker-library/official-images
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const withHistory = new Set(['python']);
const images = [
  'python',
  'pypy',
  'node',
  'golang',
  'rust',
  'buildpack-deps',
  'gcc',
  'nginx',
  'redis',
  'postgres',
  'httpd',
  'eclipse-temurin',
];
const debianNames = 'stretch|buster|bullseye|bookworm|trixie|forky|sid';
const ubuntuNames = 'xenial|bionic|focal|jammy|noble|resolute';

/** Tag groups of one library file: every tag of a group is the same image. */
export function tagGroups(libraryFile) {
  const groups = [];
  for (const block of libraryFile.split(/\n\s*\n/)) {
    const tags = /^Tags:\s*(.+)$/m.exec(block)?.[1].split(/,\s*/) ?? [];
    const shared = /^SharedTags:\s*(.+)$/m.exec(block)?.[1].split(/,\s*/) ?? [];
    // Windows images share the unsuffixed tags with Linux ones; what a Linux build gets is asked here.
    if (tags.some((tag) => /windowsservercore|nanoserver/.test(tag))) continue;
    if (tags.length > 0) groups.push([...tags, ...shared]);
  }
  return groups;
}

/** `debian:trixie`, `ubuntu:jammy`, `alpine:3.22`, or undefined where the group names none or two. */
export function releaseOf(tags) {
  const found = new Set();
  for (const tag of tags) {
    const debian = new RegExp(`(?:^|-)(${debianNames})(?:-|$)`).exec(tag)?.[1];
    const ubuntu = new RegExp(`(?:^|-)(${ubuntuNames})(?:-|$)`).exec(tag)?.[1];
    const alpine = /(?:^|-)alpine(3\.\d+)(?:-|$)/.exec(tag)?.[1];
    if (debian) found.add(`debian:${debian}`);
    if (ubuntu) found.add(`ubuntu:${ubuntu}`);
    if (alpine) found.add(`alpine:${alpine}`);
  }
  return found.size === 1 ? [...found][0] : undefined;
}

const namesRelease = new RegExp(`(?:^|-)(?:${debianNames}|${ubuntuNames}|alpine3\\.\\d+)(?:-|$)`);
const tagShape = /^(?:(\d+(?:\.\d+)*)(?:-|$))?(.*)$/;

/** Tag without a release in its name -> release, from files oldest first. */
export function defaultReleases(libraryFiles) {
  const releases = new Map();
  for (const file of libraryFiles) {
    for (const tags of tagGroups(file)) {
      const release = releaseOf(tags);
      for (const tag of tags) {
        if (namesRelease.test(tag)) continue;
        if (release) releases.set(tag, release);
        else releases.delete(tag);
      }
    }
  }
  return releases;
}

function compareVersions(a, b) {
  const left = a.split('.').map(Number);
  const right = b.split('.').map(Number);
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? -1) - (right[i] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * variant ("", "slim", "alpine") -> release -> versions whose tag gives it. Versions are full tags' numbers
 * ("3.11.4") and their prefixes ("3.11", "3"); "" is the variant alone ("latest" counts as "").
 */
export function byVariant(releases) {
  const table = {};
  for (const [written, release] of releases) {
    // A release candidate's floating tag tells where the series will be until the series itself is listed.
    const tag = written.replace(/^(\d+\.\d+)-rc\b/, '$1');
    if (tag !== written && releases.has(tag)) continue;
    const shape = tagShape.exec(tag === 'latest' ? '' : tag);
    const version = shape?.[1] ?? '';
    const variant = shape?.[2] ?? '';
    if (!/^(|slim|alpine)$/.test(variant)) continue;
    ((table[variant] ??= {})[release] ??= []).push(version);
  }
  for (const variant of Object.values(table)) {
    for (const release of Object.keys(variant))
      variant[release] = foldRuns(variant[release].sort(compareVersions));
  }
  return table;
}

/** Runs of patch versions as "3.9.6-24"; the rest as they are. */
function foldRuns(versions) {
  const folded = [];
  for (const version of versions) {
    const match = /^(\d+\.\d+)\.(\d+)$/.exec(version);
    const last = folded.at(-1);
    if (match && last && last.series === match[1] && last.to + 1 === Number(match[2])) last.to += 1;
    else if (match) folded.push({ series: match[1], from: Number(match[2]), to: Number(match[2]) });
    else folded.push({ text: version });
  }
  return folded.map((run) => run.text ?? `${run.series}.${run.from}${run.to > run.from ? `-${run.to}` : ''}`);
}

function main() {
  const clone = process.argv[2];
  const git = (...args) =>
    execFileSync('git', ['-C', clone, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
  const table = {};
  for (const image of images) {
    const path = `library/${image}`;
    const history = git('log', '--reverse', '--format=%H', '--since=2019-06-01', '--', path)
      .split('\n')
      .filter(Boolean);
    const commits = withHistory.has(image) ? history : history.slice(-1);
    const files = commits.map((commit) => {
      try {
        return git('show', `${commit}:${path}`);
      } catch {
        return '';
      }
    });
    table[image] = byVariant(defaultReleases(files));
    process.stderr.write(`${image}: ${commits.length} versions of the file\n`);
  }
  const document = {
    date: git('log', '-1', '--format=%cs').trim(),
    source: 'docker-library/official-images, library/ and its history since 2019-06',
    script: 'scripts/tables/officialTags.mjs',
    images: table,
  };
  const lines = JSON.stringify(document, null, 1).replace(
    /\[\n\s+([^\]]*?)\n\s+\]/g,
    (_, body) => `[${body.replace(/\s*\n\s*/g, ' ')}]`,
  );
  writeFileSync(new URL('../../server/src/project/data/officialTags.json', import.meta.url), `${lines}\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main();
