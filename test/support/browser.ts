import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { part } from './parts';

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export type DisplayLanguage = 'en' | 'zh-cn';

export interface Browser {
  context: BrowserContext;
  page: Page;
  close(): Promise<void>;
}

/** Debian's Chromium with a profile of its own. The language is the editor's display language. */
export async function openBrowser(language: DisplayLanguage = 'en'): Promise<Browser> {
  const profile = await mkdtemp(join(tmpdir(), 'plimsoll-browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: part('editor').chromium,
    headless: true,
    args: flags,
    viewport: { width: 1280, height: 800 },
  });
  // The switch that VS Code's own web build reads; no language pack can be fetched here.
  if (language !== 'en') await context.addInitScript(`globalThis._VSCODE_NLS_LANGUAGE = '${language}'`);
  const page = context.pages()[0] ?? (await context.newPage());
  return {
    context,
    page,
    async close() {
      await context.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
