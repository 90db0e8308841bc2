import { commands as registry, type Disposable } from 'vscode';
import type { Services } from '../services';
import { applyPreviewedFixes } from './applyPreviewedFixes';
import { changeBuildContext } from './changeBuildContext';
import { type CommandName, commands } from './commands';
import { explainConfiguration } from './explainConfiguration';
import { fixFile } from './fixFile';
import { previewFixes } from './previewFixes';
import { restartLanguageServer } from './restartLanguageServer';
import { showLog } from './showLog';

const runs: Readonly<Record<CommandName, (services: Services) => unknown>> = {
  explainConfiguration,
  previewFixes,
  fixFile,
  applyPreviewedFixes,
  changeBuildContext,
  restartLanguageServer,
  showLog,
};

export function registerCommands(services: Services): Disposable[] {
  return commands.map(({ name }) => registry.registerCommand(`plimsoll.${name}`, () => runs[name](services)));
}
