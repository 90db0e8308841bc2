import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { openBrowser, type DisplayLanguage } from './browser';
import { compileHostTests } from './compileHostTests';
import { outcomePrefix, type HostOutcome } from './hostOutcome';
import { startVscodeServer, type ServerOptions } from './vscodeServer';

/** An extension host that hangs or was killed says nothing at all; its exit code proves nothing either. */
const runLimitMs = 180_000;

export interface HostTestOptions extends ServerOptions {
  /** Mocha files (`*.mocha.ts`), relative to the repository's root. */
  files: string[];
  /** Folder of the extension under test. Default: the repository's root, so dist/ as built. */
  extension?: string;
  language?: DisplayLanguage;
}

/**
 * Runs Mocha files inside the extension host of a real VS Code, and tells each of their tests as a subtest.
 * Fails when the host reports no summary or no passed test, whatever its exit code.
 */
export async function runHostTests(t: TestContext, options: HostTestOptions): Promise<void> {
  await mkdir('.build', { recursive: true });
  // Inside the checkout, so that the bundle finds Mocha in node_modules.
  const out = await mkdtemp(join(process.cwd(), '.build/host-'));
  t.after(() => rm(out, { recursive: true, force: true }));
  const entry = join(out, 'hostTests.js');
  await compileHostTests(options.files, 'node', entry);

  const server = await startVscodeServer(options);
  t.after(() => server.stop());
  const browser = await openBrowser(options.language);
  t.after(() => browser.close());

  const remote = `vscode-remote://${server.authority}`;
  const payload = JSON.stringify([
    ['extensionDevelopmentPath', remote + (options.extension ?? process.cwd())],
    ['extensionTestsPath', remote + entry],
  ]);
  const url = `http://${server.authority}/?folder=${encodeURIComponent(server.folder)}&payload=${encodeURIComponent(payload)}`;
  await tellOutcomes(t, await hostOutcomes(browser.page, url));
}

/** Opens a workbench that runs tests, and waits for what they report. `noise` is everything else it logged. */
export async function hostOutcomes(
  page: Page,
  url: string,
): Promise<{ outcomes: HostOutcome[]; noise: string[]; exitCode: number | undefined }> {
  const outcomes: HostOutcome[] = [];
  const noise: string[] = [];
  await page.exposeFunction('codeAutomationLog', (type: string, args: unknown[]) => {
    const text = args.map(String).join(' ');
    if (text.startsWith(outcomePrefix))
      outcomes.push(JSON.parse(text.slice(outcomePrefix.length)) as HostOutcome);
    else noise.push(`${type}: ${text}`);
  });
  let limit: NodeJS.Timeout | undefined;
  const ended = new Promise<number | undefined>((done) => {
    void page.exposeFunction('codeAutomationExit', (code: number) => done(code)).then(() => page.goto(url));
    limit = setTimeout(() => done(undefined), runLimitMs);
  });
  const exitCode = await ended;
  clearTimeout(limit);
  return { outcomes, noise, exitCode };
}

/** Turns what the host reported into subtests, and its silence into a failure. */
export async function tellOutcomes(
  t: TestContext,
  { outcomes, noise, exitCode }: Awaited<ReturnType<typeof hostOutcomes>>,
): Promise<void> {
  for (const outcome of outcomes) {
    if (outcome.kind !== 'test') continue;
    await t.test(outcome.title, { skip: outcome.skipped === true }, () => {
      if (!outcome.ok) assert.fail(outcome.error);
    });
  }
  const summary = outcomes.find((outcome) => outcome.kind === 'summary');
  assert.ok(
    summary,
    `The extension host reported no summary (exit ${exitCode ?? 'none: it hung'}).\n${noise.slice(-40).join('\n')}`,
  );
  assert.ok(summary.passed + summary.failed > 0, 'The extension host ran no test.');
}
