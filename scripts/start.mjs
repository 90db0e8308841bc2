#!/usr/bin/env node
// `npm start [FOLDER]`: installs, builds, shows what Plimsoll finds, and at a terminal opens an editor with it.
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installDependencies } from './dependencies.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const asFound = join(root, 'examples/text-classification-as-found');
const repaired = join(root, 'examples/text-classification');

const [argument] = process.argv.slice(2);
const given = argument === undefined ? undefined : resolve(process.env.INIT_CWD ?? '.', argument);
if (given !== undefined && !existsSync(given)) {
  console.error(
    `plimsoll: ${argument} is not there. The folder to look at was not found. Name one that exists.`,
  );
  process.exit(2);
}

installDependencies(root);
// Everything below needs the dependencies.
const { buildAll } = await import('./build.mjs');
const { printLintReport } = await import('./start/lintReport.mjs');
await buildAll();

if (given === undefined) {
  printLintReport(root, asFound, 'An AI image as a tutorial has it');
  printLintReport(root, repaired, 'The same, repaired');
} else {
  printLintReport(root, given, 'What Plimsoll finds');
}

const { hasDesktopEditor, openDesktopEditor, serveBrowserEditor } = await import('./start/openEditor.mjs');
const folder = given ?? asFound;
if (!process.stdout.isTTY || !process.stdin.isTTY) {
  console.log(
    '\nTo see it in an editor, run npm start at a terminal: it opens VS Code, or serves it to a browser.',
  );
} else if (hasDesktopEditor()) {
  openDesktopEditor(root, folder);
} else {
  await serveBrowserEditor(root, folder);
}
