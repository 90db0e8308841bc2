import assert from 'node:assert/strict';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { type EditorOptions, type EditorWindow, openEditor } from '../support/editorWindow';
import { packedExtension } from '../support/packedExtension';

const example = 'examples/text-classification-as-found';
/** Pictures of the README are taken where this names a folder: PLIMSOLL_IMAGES=docs/images. */
const images = process.env['PLIMSOLL_IMAGES'];

let packages: string;
let vsix: string;
before(async () => {
  packages = await mkdtemp(join(tmpdir(), 'plimsoll-packages-'));
  vsix = await packedExtension(packages);
});
after(() => rm(packages, { recursive: true, force: true }));

async function open(t: TestContext, options: Partial<EditorOptions> = {}): Promise<EditorWindow> {
  const editor = await openEditor({ folder: example, vsix: [vsix], ...options });
  t.after(() => editor.close());
  return editor;
}

async function picture(editor: EditorWindow, name: string): Promise<void> {
  const path = await editor.screenshot(name);
  if (images === undefined) return;
  await mkdir(images, { recursive: true });
  await copyFile(path, join(images, `${name}.png`));
}

/** The status item's text once the findings are counted. */
async function counted(editor: EditorWindow): Promise<string> {
  const item = editor.page.locator('[id="plimsoll.plimsoll.plimsoll.findings"]');
  await item.filter({ hasText: /\d/ }).waitFor();
  return (await item.textContent()) ?? '';
}

async function goTo(editor: EditorWindow, place: string): Promise<void> {
  await editor.page.keyboard.press('Control+G');
  await editor.page.locator('.quick-input-widget input').first().fill(`:${place}`);
  await editor.page.keyboard.press('Enter');
  await editor.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
}

for (const theme of ['light', 'dark', 'high-contrast'] as const) {
  test(`findings, their counts and their hover in the ${theme} theme, and no notification`, async (t) => {
    const editor = await open(t, { theme });
    await editor.openFile('Dockerfile');
    assert.match(await counted(editor), /Plimsoll: .*\d security/);
    assert.ok((await editor.problems()).some((row) => /starts as root/.test(row)));
    await picture(editor, `findings-${theme}`);
    await editor.page.keyboard.press('Control+Shift+M');
    await goTo(editor, '13:8');
    await editor.page.keyboard.press('Control+K');
    await editor.page.keyboard.press('Control+I');
    const hover = editor.page
      .locator('.monaco-hover:visible')
      .filter({ hasText: 'breaks out of a root container' });
    await hover.waitFor();
    await picture(editor, `hover-${theme}`);
    assert.deepEqual(await notifications(editor), []);
  });
}

test('the quick fix menu offers the fix first, and the fix is shown before it is made', async (t) => {
  const editor = await open(t);
  await editor.openFile('Dockerfile');
  await counted(editor);
  await goTo(editor, '13:8');
  const fixes = await editor.quickFixes();
  assert.match((await fixes.allTextContents()).join('\n'), /USER \d+.*\n(.*\n)*.*Allow .* here/);
  await picture(editor, 'quick-fix-light');
  await editor.page.keyboard.press('Escape');
  await editor.runCommand('Plimsoll: Preview the Fixes of This File');
  await editor.page.locator('.diff-editor, .monaco-diff-editor').first().waitFor();
  await editor.page.locator('.line-insert').first().waitFor();
  await picture(editor, 'preview-light');
});

test('a pinned torch says in bytes what CUDA costs a service without a GPU, and the fix is one click', async (t) => {
  const editor = await open(t);
  await editor.openFile('requirements.txt');
  assert.match(await counted(editor), /waste \d/);
  assert.ok((await editor.problems()).some((row) => /torch==2\.7\.0 brings CUDA .* GB/.test(row)));
  await editor.page
    .locator('.view-lines')
    .first()
    .click({ position: { x: 20, y: 8 } });
  await editor.quickFixes();
  await picture(editor, 'cuda-on-cpu');
});

test('which configuration applies is a list whose lines lead to their places', async (t) => {
  const editor = await open(t);
  await editor.openFile('Dockerfile');
  await counted(editor);
  await editor.page.keyboard.press('F1');
  await editor.page.locator('.quick-input-widget input').first().fill('>Plimsoll: Show Which Configuration');
  await editor.page.locator('.quick-input-list .monaco-list-row').first().waitFor();
  await editor.page.keyboard.press('Enter');
  await editor.page
    .locator('.quick-input-list .monaco-list-row', { hasText: 'Profile recommended' })
    .waitFor();
  const widget = editor.page.locator('.quick-input-widget');
  await widget.evaluate((element) =>
    Promise.all(element.getAnimations({ subtree: true }).map(({ finished }) => finished)),
  );
  await picture(editor, 'configuration-light');
});

test('the link behind a finding opens the page of its rule', async (t) => {
  const editor = await open(t);
  await editor.openFile('Dockerfile');
  await editor.problems();
  await editor.page.locator('.markers-panel a', { hasText: 'final-stage-runs-as-root' }).first().click();
  await editor.page.locator('.tab', { hasText: 'final-stage-runs-as-root' }).waitFor();
  const page = editor.page.frameLocator('iframe.webview').frameLocator('iframe').locator('h1, h2').first();
  await page.waitFor();
  await picture(editor, 'rule-page-light');
});

test('in Chinese: counts, findings, hover and fixes', async (t) => {
  const editor = await open(t, { language: 'zh-cn' });
  await editor.openFile('Dockerfile');
  assert.match(await counted(editor), /安全问题/);
  await goTo(editor, '13:8');
  const fixes = await editor.quickFixes();
  assert.match((await fixes.allTextContents()).join('\n'), /在此处放行/);
  await picture(editor, 'quick-fix-zh-cn');
});

test('a server that dies is started again, and the editor says so with the log at hand', async (t) => {
  const editor = await open(t);
  await editor.openFile('Dockerfile');
  await counted(editor);
  process.kill(await serverOf(editor), 'SIGKILL');
  await serverOf(editor);
  const [said] = await notifications(editor);
  assert.match(said ?? '', /stopped and was started again/);
  assert.ok(
    await editor.page.locator('.notifications-center .monaco-button', { hasText: 'Show Log' }).isVisible(),
  );
  await picture(editor, 'restarted-light');
  assert.ok((await editor.problems()).some((row) => /starts as root/.test(row)));
});

/** What the notification centre holds: this build of the editor shows no toasts while a test drives it. */
async function notifications(editor: EditorWindow): Promise<string[]> {
  await editor.runCommand('Notifications: Show Notifications');
  const center = editor.page.locator('.notifications-center');
  await center.waitFor({ state: 'visible' });
  return center.locator('.notification-list-item-message').allTextContents();
}

/** The process of the language server in this window, which is known by the window's own folder of extensions. */
async function serverOf(editor: EditorWindow): Promise<number> {
  const extensions = join(dirname(editor.folder), 'extensions');
  const end = Date.now() + 30_000;
  while (Date.now() < end) {
    for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
      const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      if (line.includes(extensions) && line.includes('dist/server.js')) return Number(pid);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('no language server runs');
}
