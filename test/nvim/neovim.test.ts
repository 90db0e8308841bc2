import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { editorProject } from '../support/editorProject';
import { part } from '../support/parts';

const dockerfile = 'FROM python:3.12-slim\nLABEL title="你好😀"\nUSER root\nCMD ["python", "app.py"]\n';

interface Seen {
  readonly findings: readonly {
    readonly code: string;
    readonly lnum: number;
    readonly col: number;
    readonly end_col: number;
  }[];
  readonly titles: readonly string[];
}

/** Runs a probe in the editor on a folder of its own; it writes what it saw and the edited text. */
async function probe(t: TestContext, editor: string, script: string): Promise<{ seen: Seen; text: string }> {
  const folder = await editorProject(t, { Dockerfile: dockerfile, 'app.py': 'print(1)\n' });
  const env = {
    ...process.env,
    PLIMSOLL_NODE: process.execPath,
    PLIMSOLL_CLI: join(process.cwd(), 'dist/cli.js'),
    PLIMSOLL_SEEN: join(folder, 'seen.json'),
    XDG_STATE_HOME: join(folder, '.state'),
    XDG_CACHE_HOME: join(folder, '.cache'),
  };
  const luafile = `luafile ${join(process.cwd(), 'test/nvim', script)}`;
  await promisify(execFile)(editor, ['--headless', '-n', '-u', 'NONE', '-c', luafile, 'Dockerfile'], {
    cwd: folder,
    env,
    timeout: 60_000,
  });
  const seen = JSON.parse(await readFile(join(folder, 'seen.json'), 'utf8')) as Seen;
  return { seen, text: await readFile(join(folder, 'Dockerfile'), 'utf8') };
}

for (const [version, script] of [
  ['old', 'push.lua'],
  ['current', 'pull.lua'],
] as const) {
  const how = version === 'old' ? 'Neovim 0.7, which is pushed to' : 'Neovim 0.11, which pulls';
  test(`${how}, shows findings through plimsoll lsp --stdio and applies the quick fix`, async (t) => {
    const { seen, text } = await probe(t, part('neovim')[version], script);
    const root = seen.findings.find(({ code }) => code === 'final-stage-runs-as-root');
    assert.deepEqual(
      { lnum: root?.lnum, col: root?.col, end_col: root?.end_col },
      { lnum: 2, col: 5, end_col: 9 },
    );
    assert.ok(
      seen.titles.some((title) => /USER/.test(title)),
      seen.titles.join('\n'),
    );
    assert.match(text, /^USER \d+/m);
  });
}
