import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { runWebTests } from '../support/webHost';

test('tests inside a browser-only extension host are told one by one', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-fixture-'));
  t.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'Dockerfile'), 'FROM debian:bookworm-slim\n');
  await runWebTests(t, {
    files: ['test/host/harness.mocha.ts'],
    folder,
    extension: 'test/support/tinyExtension',
  });
});
