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
  await runHostTests(t, {
    files: ['test/host/restricted.mocha.ts'],
    folder: await editorProject(t, files),
    askForTrust: true,
  });
});
