import { spawn } from 'node:child_process';
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';

/** A language server over stdio with one document open. */
export async function openServer({ command, args, pull }, folder, text) {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'] });
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  let published = () => undefined;
  connection.onNotification('textDocument/publishDiagnostics', (params) => published(params));
  connection.onRequest('workspace/configuration', ({ items }) => items.map(() => null));
  connection.onRequest('client/registerCapability', () => null);
  connection.onRequest('workspace/diagnostic/refresh', () => null);
  connection.listen();
  const rootUri = `file://${folder}`;
  const uri = `${rootUri}/Dockerfile`;
  await connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri,
    workspaceFolders: [{ uri: rootUri, name: 'bench' }],
    capabilities: {
      textDocument: { ...(pull ? { diagnostic: {} } : {}), publishDiagnostics: { versionSupport: true } },
      workspace: { configuration: true },
    },
  });
  await connection.sendNotification('initialized', {});
  const answer = () => new Promise((resolve) => (published = resolve));
  const ask = async (waiting) =>
    pull ? connection.sendRequest('textDocument/diagnostic', { textDocument: { uri } }) : waiting;
  const first = answer();
  await connection.sendNotification('textDocument/didOpen', {
    textDocument: { uri, languageId: 'dockerfile', version: 1, text },
  });
  await ask(first);
  let version = 1;
  return {
    pid: child.pid,
    /** Replaces a range by a text and waits for the findings; answers milliseconds. */
    async edit(range, newText) {
      const waiting = answer();
      const started = performance.now();
      version += 1;
      await connection.sendNotification('textDocument/didChange', {
        textDocument: { uri, version },
        contentChanges: [{ range, text: newText }],
      });
      await ask(waiting);
      return performance.now() - started;
    },
    close() {
      connection.dispose();
      child.kill();
    },
  };
}
