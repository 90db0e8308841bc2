import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { LanguageServer, pushedClient, type ServerOptions } from '../support/languageServer';

const rootService = 'FROM python:3.12-slim\nCOPY app.py /app.py\nUSER root\nCMD ["python", "/app.py"]\n';
const plainService = 'FROM python:3.12-slim\nCOPY app.py /app.py\nUSER 10001\nCMD ["python", "/app.py"]\n';

const started: LanguageServer[] = [];
async function start(options: ServerOptions = {}): Promise<LanguageServer> {
  const server = await LanguageServer.start({ files: { 'app.py': 'print(1)\n' }, ...options });
  started.push(server);
  return server;
}
afterEach(async () => {
  for (const server of started.splice(0)) assert.equal(await server.stop(), 0);
});

/** `USER root` in rootService. */
const rootWord = { start: { line: 2, character: 5 }, end: { line: 2, character: 9 } };

test('a client that pulls gets the findings of the text in the editor, with code, source and exact range', async () => {
  const server = await start();
  await server.open('Dockerfile', rootService);
  const [first] = (await server.diagnostics('Dockerfile')).filter(
    ({ code }) => code === 'final-stage-runs-as-root',
  );
  assert.deepEqual(first?.range, rootWord);
  assert.equal(first?.source, 'plimsoll');
  assert.equal(first?.message, 'The container starts as root');
  assert.equal(server.published.length, 0);
});

test('a second pull of the same text answers unchanged, a pull after an edit does not', async () => {
  const server = await start();
  await server.open('Dockerfile', rootService);
  const first = await server.pull('Dockerfile');
  assert.equal((await server.pull('Dockerfile', first.resultId)).kind, 'unchanged');
  await server.edit('Dockerfile', rootWord, '10001');
  const edited = await server.pull('Dockerfile', first.resultId);
  assert.equal(edited.kind, 'full');
  assert.deepEqual(
    edited.kind === 'full' && edited.items.map(({ code }) => code).includes('final-stage-runs-as-root'),
    false,
  );
});

test('a client that cannot pull is not told to, and gets findings pushed on open and change, none after close', async () => {
  const server = await start({ capabilities: pushedClient });
  assert.equal(server.initialized?.capabilities.diagnosticProvider, undefined);
  await server.open('Dockerfile', rootService);
  const shown = await server.until(() => server.published.at(-1));
  assert.ok(shown.diagnostics.some(({ code }) => code === 'final-stage-runs-as-root'));
  await server.edit('Dockerfile', rootWord, '10001');
  await server.until(() => server.published.find(({ version }) => version === 2));
  assert.ok(!server.published.at(-1)?.diagnostics.some(({ code }) => code === 'final-stage-runs-as-root'));
  await server.edit('Dockerfile', { start: rootWord.start, end: { line: 2, character: 10 } }, 'root');
  await server.until(() => server.published.find(({ version }) => version === 3));
  await server.close('Dockerfile');
  await server.until(() => (server.published.at(-1)?.diagnostics.length === 0 ? true : undefined));
});

test('columns after Chinese text and emoji count UTF-16 units', async () => {
  const server = await start();
  await server.open(
    'Dockerfile',
    'FROM python:3.12-slim\nLABEL a="你好😀" \nCMD ["python", "/app.py"]\nUSER root\n',
  );
  await server.edit(
    'Dockerfile',
    { start: { line: 1, character: 11 }, end: { line: 1, character: 13 } },
    '😀😀',
  );
  const [first] = (await server.diagnostics('Dockerfile')).filter(
    ({ code }) => code === 'final-stage-runs-as-root',
  );
  assert.deepEqual(first?.range, { start: { line: 3, character: 5 }, end: { line: 3, character: 9 } });
});

test('messages are in the language of the bundle that the client hands over', async () => {
  const bundle = { 'The container starts as {user}': '容器以 {user} 身份启动' };
  const server = await start({ initializationOptions: { bundle } });
  await server.open('Dockerfile', rootService);
  const messages = (await server.diagnostics('Dockerfile')).map(({ message }) => message);
  assert.ok(messages.includes('容器以 root 身份启动'));
});

test('typing faster than the server lints leaves the findings of the last text', async () => {
  const server = await start();
  await server.open('Dockerfile', rootService);
  const pulls = [];
  for (const letter of 'nobody') {
    await server.edit('Dockerfile', { start: rootWord.start, end: rootWord.start }, letter);
    pulls.push(server.pull('Dockerfile'));
  }
  await Promise.all(pulls);
  await server.edit('Dockerfile', { start: rootWord.start, end: { line: 2, character: 15 } }, 'root');
  assert.ok((await server.diagnostics('Dockerfile')).some(({ code }) => code === 'final-stage-runs-as-root'));
});

test('a cancelled pull is answered as cancelled and the next one works', async () => {
  const { CancellationTokenSource } = await import('vscode-languageserver/node');
  const server = await start();
  await server.open('Dockerfile', rootService);
  const source = new CancellationTokenSource();
  const pulled = server.connection.sendRequest(
    'textDocument/diagnostic',
    { textDocument: { uri: server.uri('Dockerfile') } },
    source.token,
  );
  source.cancel();
  await assert.rejects(pulled, { code: -32800 });
  assert.ok((await server.diagnostics('Dockerfile')).length > 0);
});

test('a rule switched off in the editor is silent', async () => {
  const server = await start({ settings: { lint: { rules: { 'final-stage-runs-as-root': 'off' } } } });
  await server.open('Dockerfile', rootService);
  assert.ok(
    !(await server.diagnostics('Dockerfile')).some(({ code }) => code === 'final-stage-runs-as-root'),
  );
});

test('a malformed document, an unknown language and a binary text are answered without findings', async () => {
  const server = await start();
  await server.open('notes.txt', '\u0000\u0001 FROM', 'plaintext');
  assert.deepEqual(await server.diagnostics('notes.txt'), []);
  await server.open('Dockerfile', 'FROM \\\n\n<<EOF\nRUN [\n');
  assert.ok(Array.isArray(await server.diagnostics('Dockerfile')));
  assert.deepEqual(await server.diagnostics('not/open'), []);
});

test('a document without a file is linted by its language', async () => {
  const server = await start();
  const uri = 'untitled:Untitled-1';
  await server.connection.sendNotification('textDocument/didOpen', {
    textDocument: { uri, languageId: 'dockerfile', version: 1, text: rootService },
  });
  const report = await server.connection.sendRequest<{ items: { code: string }[] }>(
    'textDocument/diagnostic',
    {
      textDocument: { uri },
    },
  );
  assert.ok(report.items.some(({ code }) => code === 'final-stage-runs-as-root'));
});

test('a clean service has no finding about its user', async () => {
  const server = await start();
  await server.open('Dockerfile', plainService);
  assert.ok(
    !(await server.diagnostics('Dockerfile')).some(({ code }) => code === 'final-stage-runs-as-root'),
  );
});
