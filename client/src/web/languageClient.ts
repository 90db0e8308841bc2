import { type ExtensionContext, type LogOutputChannel, Uri } from 'vscode';
import { LanguageClient } from 'vscode-languageclient/browser';
import { connectServer } from '../connectServer';
import type { LanguageServer, ServerEvents } from '../languageServer';

/** The DOM's types stay out of the client. */
declare const Worker: new (url: string) => object;

/** Starts the language server as a web worker. */
export function startWebLanguageServer(
  context: ExtensionContext,
  log: LogOutputChannel,
  events: ServerEvents,
): Promise<LanguageServer> {
  const script = Uri.joinPath(context.extensionUri, 'dist/server.web.js').toString(true);
  const startWorker = (): Promise<object> => Promise.resolve(new Worker(script));
  return connectServer(
    context,
    log,
    events,
    (options) => new LanguageClient('plimsoll', 'Plimsoll', startWorker, options),
  );
}
