import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { editorProject } from '../support/editorProject';
import { runHostTests } from '../support/hostTests';

const files = {
  Dockerfile: 'FROM python:3.12-slim\nWORKDIR /app\nCOPY app.py .\nUSER root\nCMD ["python", "app.py"]\n',
  'app.py': 'print(1)\n',
  'notes.yaml': 'a: 1\n',
};

test('the extension lints, fixes, explains and restarts in a real editor', async (t) => {
  await runHostTests(t, { files: ['test/host/extension.mocha.ts'], folder: await editorProject(t, files) });
});

test('everything is in Chinese where the editor is', async (t) => {
  await runHostTests(t, {
    files: ['test/host/chinese.mocha.ts'],
    folder: await editorProject(t, files),
    language: 'zh-cn',
  });
});

test('before the folder is trusted it is linted and nothing of it runs', async (t) => {
  const folder = await editorProject(t, { ...files, 'bin/docker': '#!/bin/sh\ntouch "$PLIMSOLL_RAN"\n' });
  await chmod(join(folder, 'bin/docker'), 0o755);
  const ran = join(folder, 'ran');
  await runHostTests(t, {
    files: ['test/host/restricted.mocha.ts'],
    folder,
    askForTrust: true,
    // A docker of the folder's own, first in the path of the editor: whoever asks for one would run it.
    env: { PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`, PLIMSOLL_RAN: ran },
  });
  assert.ok(!existsSync(ran));
});
