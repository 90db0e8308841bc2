import type { ExtensionContext } from 'vscode';
import { startExtension } from './startExtension';

let running: { stop(): Promise<void> } | undefined;

/** The entry in an editor with Node: on the desktop, in a remote or a container. */
export function activate(context: ExtensionContext): void {
  running = startExtension(context, async () => (await import('./languageClient')).startLanguageServer);
}

export function deactivate(): Promise<void> | undefined {
  return running?.stop();
}
