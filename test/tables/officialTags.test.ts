import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { byVariant, defaultReleases, releaseOf, tagGroups } from '../../scripts/tables/officialTags.mjs';
import table from '../../server/src/project/data/officialTags.json';

/** Lines as docker-library/official-images had them. */
const before = `Maintainers: Somebody

Tags: 3.11.3-bullseye, 3.11-bullseye
SharedTags: 3.11.3, 3.11, 3, latest
Architectures: amd64

Tags: 3.11.3-slim-bullseye, 3.11.3-slim, 3.11-slim
Architectures: amd64

Tags: 3.11.3-windowsservercore-ltsc2022
SharedTags: 3.11.3, 3.11
Architectures: windows-amd64
`;
const after = `Tags: 3.11.4-slim-bookworm, 3.11.4-slim, 3.11-slim

Tags: 3.11.4-alpine3.18, 3.11.4-alpine, 3.11-alpine

Tags: 3.12-rc-slim-bookworm, 3.12-rc-slim
`;

describe('the table of official tags', () => {
  it('leaves Windows builds out of a group', () => {
    assert.equal(tagGroups(before).length, 2);
    assert.deepEqual(tagGroups(before)[0], [
      '3.11.3-bullseye',
      '3.11-bullseye',
      '3.11.3',
      '3.11',
      '3',
      'latest',
    ]);
  });

  it('reads the release from the tag that names it', () => {
    assert.equal(releaseOf(['3.11.3-slim-bullseye', '3.11-slim']), 'debian:bullseye');
    assert.equal(releaseOf(['3.11.4-alpine3.18']), 'alpine:3.18');
    assert.equal(releaseOf(['21-jre-noble']), 'ubuntu:noble');
    assert.equal(releaseOf(['3.11-slim']), undefined);
  });

  it('keeps the last release of a tag and of the tags that went away', () => {
    const variants = byVariant(defaultReleases([before, after]));
    assert.deepEqual(variants['slim'], {
      'debian:bullseye': ['3.11.3'],
      'debian:bookworm': ['3.11', '3.11.4', '3.12'],
    });
    assert.deepEqual(variants['alpine'], { 'alpine:3.18': ['3.11', '3.11.4'] });
    assert.deepEqual(variants[''], { 'debian:bullseye': ['', '3', '3.11', '3.11.3'] });
  });

  it('is dated and says where it comes from', () => {
    assert.match(table.date, /^\d{4}-\d\d-\d\d$/);
    assert.match(table.source, /docker-library\/official-images/);
    assert.equal(table.script, 'scripts/tables/officialTags.mjs');
  });
});
