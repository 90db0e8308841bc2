import {
  BrowserMessageReader,
  BrowserMessageWriter,
  createConnection,
  ProposedFeatures,
} from 'vscode-languageserver/browser';
import { ClientFiles } from './clientFiles';
import { serve } from './server';

/** The worker's own global scope; the DOM types stay out of the server. */
declare const self: ConstructorParameters<typeof BrowserMessageReader>[0];

/** dockerfile-ast looks for a byte order mark through Node's Buffer, which a worker does not have. */
Object.assign(globalThis, { Buffer: { from: (text: string) => new TextEncoder().encode(text) } });

/** The language server as a web worker: the client reads the files for it. */
serve(
  createConnection(ProposedFeatures.all, new BrowserMessageReader(self), new BrowserMessageWriter(self)),
  {
    files: (connection) => new ClientFiles(connection),
  },
);
