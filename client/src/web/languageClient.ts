import { type ExtensionContext, type LogOutputChannel, Uri } from 'vscode';
import {
  BrowserMessageReader,
  BrowserMessageWriter,
  LanguageClient,
  type MessageTransports,
} from 'vscode-languageclient/browser';
import { connectServer } from '../connectServer';
import type { LanguageServer, ServerEvents } from '../languageServer';

/** The DOM's types stay out of the client. */
declare const Worker: new (url: string) => ConstructorParameters<typeof BrowserMessageReader>[0];

/** Starts the language server as a web worker. */
export function startWebLanguageServer(
  context: ExtensionContext,
  log: LogOutputChannel,
  events: ServerEvents,
): Promise<LanguageServer> {
  const script = Uri.joinPath(context.extensionUri, 'dist/server.web.js').toString(true);
  // The editor's extension host has a Worker of its own, which the client's `instanceof` does not know.
  const startWorker = (): Promise<MessageTransports> => {
    const worker = new Worker(script);
    return Promise.resolve({
      reader: new BrowserMessageReader(worker),
      writer: new BrowserMessageWriter(worker),
    });
  };
  return connectServer(
    context,
    log,
    events,
    (options) => new LanguageClient('plimsoll', 'Plimsoll', startWorker, options),
  );
}
