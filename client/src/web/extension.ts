import type { ExtensionContext } from 'vscode';
import { startExtension } from '../startExtension';
import { startWebLanguageServer } from './languageClient';

let running: { stop(): Promise<void> } | undefined;

/** The entry in a browser-only editor. One file, because a browser loads each by a request of its own. */
export function activate(context: ExtensionContext): void {
  running = startExtension(context, () => Promise.resolve(startWebLanguageServer));
}

export function deactivate(): Promise<void> | undefined {
  return running?.stop();
}
