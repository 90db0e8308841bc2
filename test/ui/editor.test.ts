import assert from 'node:assert/strict';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
    assert.equal(await editor.page.locator('.notification-toast').count(), 0);
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
  await picture(editor, 'configuration-light');
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
