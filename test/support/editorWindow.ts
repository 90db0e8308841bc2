import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { openBrowser, type DisplayLanguage } from './browser';
import { startVscodeServer, type ServerOptions } from './vscodeServer';

const themes = { light: 'Light Modern', dark: 'Dark Modern', 'high-contrast': 'Default High Contrast' };

/** The workbench is slow to come up while other suites use the machine. */
const readyLimitMs = 90_000;

export interface EditorOptions extends ServerOptions {
  theme?: keyof typeof themes;
  language?: DisplayLanguage;
}

export interface EditorWindow {
  page: Page;
  /** The copy of the folder that the window shows. */
  folder: string;
  openFile(path: string): Promise<void>;
  runCommand(title: string): Promise<void>;
  /** Rows of the Problems panel, as a screen reader hears them; waits for the first. */
  problems(): Promise<string[]>;
  /** Offers the quick fixes at the cursor; the result is the list to click in. */
  quickFixes(): Promise<Locator>;
  /** Writes .build/screenshots/NAME.png and returns its path. */
  screenshot(name: string): Promise<string>;
  close(): Promise<void>;
}

/** A real VS Code window on a copy of a folder, with extensions installed from VSIX files. */
export async function openEditor({
  theme = 'light',
  language = 'en',
  ...options
}: EditorOptions): Promise<EditorWindow> {
  const settings = {
    'workbench.colorTheme': themes[theme],
    'window.autoDetectColorScheme': false,
    ...options.settings,
  };
  const server = await startVscodeServer({ ...options, settings });
  const browser = await openBrowser(language);
  const { page } = browser;
  page.setDefaultTimeout(readyLimitMs);
  await page.goto(`http://${server.authority}/?folder=${encodeURIComponent(server.folder)}`);
  await page.locator('.monaco-workbench .part.statusbar').waitFor();
  await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor();

  const pick = async (text: string) => {
    await page.locator('.quick-input-widget input').first().fill(text);
    await page.locator('.quick-input-list .monaco-list-row').first().waitFor();
    await page.keyboard.press('Enter');
    await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  };
  const openQuickInput = async (key: string) => {
    await page.keyboard.press(key);
    await page.locator('.quick-input-widget').waitFor({ state: 'visible' });
  };
  return {
    page,
    folder: server.folder,
    async openFile(path) {
      await openQuickInput('Control+P');
      await pick(path);
      await page.locator('.editor-instance .view-lines').first().waitFor();
    },
    async runCommand(title) {
      await openQuickInput('F1');
      await pick(`>${title}`);
    },
    async problems() {
      const rows = page.locator('.markers-panel .monaco-list-row');
      if (!(await page.locator('.markers-panel').isVisible())) await page.keyboard.press('Control+Shift+M');
      await rows.first().waitFor();
      return rows.evaluateAll((elements) =>
        elements.map((element) => element.getAttribute('aria-label') ?? ''),
      );
    },
    async quickFixes() {
      await page.keyboard.press('Control+.');
      const rows = page.locator('.action-widget .monaco-list-row');
      await rows.first().waitFor();
      return rows;
    },
    async screenshot(name) {
      const path = join(process.cwd(), '.build/screenshots', `${name}.png`);
      await mkdir(dirname(path), { recursive: true });
      await page.screenshot({ path });
      return path;
    },
    async close() {
      await browser.close();
      await server.stop();
    },
  };
}
