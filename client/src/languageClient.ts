import type { ExtensionContext, LogOutputChannel } from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import { connectServer } from './connectServer';
import type { LanguageServer, ServerEvents } from './languageServer';

/** Starts the language server as a process of the editor's own Node. */
export function startLanguageServer(
  context: ExtensionContext,
  log: LogOutputChannel,
  events: ServerEvents,
): Promise<LanguageServer> {
  const module = context.asAbsolutePath('dist/server.js');
  // Loading the server from compiled code takes a third less time from the second start on.
  const cache = { NODE_COMPILE_CACHE: `${context.globalStorageUri.fsPath}/compiled` };
  const run = { module, transport: TransportKind.ipc, options: { env: { ...process.env, ...cache } } };
  const debug = { ...run, options: { ...run.options, execArgv: ['--nolazy', '--inspect=6019'] } };
  return connectServer(
    context,
    log,
    events,
    (options) => new LanguageClient('plimsoll', 'Plimsoll', { run, debug }, options),
  );
}
