import type { ExtensionContext, LogOutputChannel } from 'vscode';
import type { BaseLanguageClient, ErrorHandler, LanguageClientOptions } from 'vscode-languageclient';
import {
  type Counts,
  countsMethod,
  listFilesMethod,
  otherFindingsMethod,
  readFileMethod,
} from '../../server/src/protocol/languageServer';
import { clientOptions } from './clientOptions';
import type { LanguageServer, ServerEvents } from './languageServer';
import { OpenDocuments } from './openDocuments';
import { OtherFindingsWatch } from './otherLinters';
import { restartAfterCrash } from './restartAfterCrash';
import { listFiles, readFile } from './workspaceFiles';

/** Starts a client and gives it everything that does not depend on where the server runs. */
export async function connectServer(
  context: ExtensionContext,
  log: LogOutputChannel,
  events: ServerEvents,
  createClient: (options: LanguageClientOptions) => BaseLanguageClient,
): Promise<LanguageServer> {
  const documents = new OpenDocuments((document) =>
    client.sendNotification(
      'textDocument/didOpen',
      client.code2ProtocolConverter.asOpenTextDocumentParams(document),
    ),
  );
  const restart = async (): Promise<void> => {
    await client.stop();
    await client.start();
    events.running();
  };
  const errorHandler: ErrorHandler = restartAfterCrash(log, events, restart);
  const client = createClient(clientOptions(context, log, documents, errorHandler));
  client.onNotification(countsMethod, (counts: Counts) => events.counted(counts));
  client.onRequest(listFilesMethod, listFiles);
  client.onRequest(readFileMethod, readFile);
  await client.start();
  events.running();
  const others = new OtherFindingsWatch(
    (findings) => void client.sendNotification(otherFindingsMethod, findings),
  );
  context.subscriptions.push(documents, others);
  documents.findDockerfiles().catch((error: unknown) => log.warn(String(error)));
  return {
    request: (method, params) => client.sendRequest(method, params),
    restart,
    stop: () => client.dispose(),
    dispose: () => void client.dispose(),
  };
}
