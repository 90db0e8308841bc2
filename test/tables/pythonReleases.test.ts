import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { releaseRows } from '../../scripts/tables/pythonReleases.mjs';
import { endOfLife, pythonReleasesDate } from '../../server/src/lint/pythonRelease';
import { known, unknown } from '../../server/src/project/answer';

describe('the end of Python series', () => {
  it('is read from the release cycle', () => {
    assert.deepEqual(
      releaseRows({ '3.9': { first_release: '2020-10-05', end_of_life: '2025-10-31' }, '4.0': {} }),
      [{ version: '3.9', firstRelease: '2020-10-05', endOfLife: '2025-10-31' }],
    );
  });

  it('is past for a day or a whole month before the table was read', () => {
    assert.ok(pythonReleasesDate >= '2026-11-22');
    assert.deepEqual(endOfLife('3.8'), known({ date: '2024-10-07', isPast: true }));
    assert.deepEqual(endOfLife('3.10'), known({ date: '2026-10', isPast: true }));
    assert.deepEqual(endOfLife('3.13'), known({ date: '2029-10', isPast: false }));
  });

  it('is unknown for a series nobody listed', () => {
    assert.deepEqual(endOfLife('3.99'), unknown);
  });
});
