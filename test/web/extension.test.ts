import { test } from 'node:test';
import { editorProject } from '../support/editorProject';
import { runWebTests } from '../support/webHost';

test('the extension lints and fixes in a browser-only editor', async (t) => {
  const folder = await editorProject(t, {
    Dockerfile: 'FROM python:3.12-slim\nWORKDIR /app\nCOPY app.py .\nUSER root\nCMD ["python", "app.py"]\n',
    'app.py': 'print(1)\n',
  });
  await runWebTests(t, { files: ['test/web/extension.mocha.ts'], folder });
});
