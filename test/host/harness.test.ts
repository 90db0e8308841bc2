import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { runHostTests } from '../support/hostTests';
import { openEditor } from '../support/editorWindow';

async function dockerfileFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-fixture-'));
  await writeFile(join(folder, 'Dockerfile'), 'FROM debian:bookworm-slim\n');
  return folder;
}

test('tests inside the extension host are told one by one', async (t) => {
  const folder = await dockerfileFolder();
  t.after(() => rm(folder, { recursive: true }));
  await runHostTests(t, {
    files: ['test/host/harness.mocha.ts'],
    folder,
    extension: join(process.cwd(), 'test/support/tinyExtension'),
  });
});

test('a window shows the folder, in the wanted theme and language', async (t) => {
  const folder = await dockerfileFolder();
  t.after(() => rm(folder, { recursive: true }));
  const editor = await openEditor({ folder, theme: 'high-contrast', language: 'zh-cn' });
  t.after(() => editor.close());
  await editor.openFile('Dockerfile');
  assert.ok(await editor.page.locator('.monaco-workbench.hc-black').isVisible());
  await editor.screenshot('harness');
});
