import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import type {
  CodeAction,
  CompletionItem,
  Diagnostic,
  DocumentLink,
  Hover,
  TextDocumentEdit,
  WorkspaceEdit,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type {
  ConfigurationExplained,
  ContextEdit,
  Counts,
  FixedText,
  StatedContext,
} from '../../server/src/protocol/languageServer';
import { LanguageServer, pullingClient, type ServerOptions } from '../support/languageServer';

const rule = 'final-stage-runs-as-root';
const service = 'FROM python:3.12-slim\nWORKDIR /app\nCOPY app.py .\nUSER root\nCMD python app.py\n';

const started: LanguageServer[] = [];
async function start(options: ServerOptions = {}): Promise<LanguageServer> {
  const server = await LanguageServer.start({ files: { 'app.py': 'print(1)\n' }, ...options });
  started.push(server);
  return server;
}
afterEach(async () => {
  for (const server of started.splice(0)) assert.equal(await server.stop(), 0);
});

async function found(server: LanguageServer, path: string, name: string): Promise<Diagnostic> {
  const diagnostic = (await server.diagnostics(path)).find(({ code }) => code === name);
  assert.ok(diagnostic, `${name} is not found`);
  return diagnostic;
}

/** The text after an edit of one document. */
function edited(text: string, edit: WorkspaceEdit | undefined): string {
  const [change] = (edit?.documentChanges ?? []) as TextDocumentEdit[];
  const edits = change?.edits ?? Object.values(edit?.changes ?? {})[0] ?? [];
  const plain = edits.map((each) => ({
    range: each.range,
    newText: 'newText' in each ? each.newText : each.snippet.value,
  }));
  return TextDocument.applyEdits(TextDocument.create('file:///x', '', 1, text), plain);
}

function titled(actions: readonly CodeAction[], title: RegExp): CodeAction {
  const action = actions.find((each) => title.test(each.title));
  assert.ok(action, actions.map((each) => each.title).join('\n'));
  return action;
}

test('the quick fix comes out of the diagnostic, tied to the version, and asks first where it was worked out', async () => {
  const server = await start();
  await server.open('Dockerfile', service);
  const finding = await found(server, 'Dockerfile', rule);
  const fix = titled(await server.codeActions('Dockerfile', [finding]), /USER/);
  assert.match(edited(service, fix.edit), /^USER \d+$/m);
  const [change] = (fix.edit?.documentChanges ?? []) as TextDocumentEdit[];
  assert.equal(change?.textDocument.version, 1);
  assert.ok(
    Object.values(fix.edit?.changeAnnotations ?? {}).every(({ needsConfirmation }) => needsConfirmation),
  );
});

test('a diagnostic of an older text offers no fix for the new one', async () => {
  const server = await start();
  await server.open('Dockerfile', service);
  const finding = await found(server, 'Dockerfile', rule);
  await server.edit(
    'Dockerfile',
    { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
    '# a comment\n',
  );
  const actions = await server.codeActions('Dockerfile', [finding]);
  assert.ok(actions.every(({ title }) => !/USER \d/.test(title)));
});

test('allow with a reason goes above the whole instruction, indented as it is', async () => {
  const text =
    'FROM python:3.12-slim\nRUN set -e; \\\n    apt-get update; \\\n    apt-get install -y gcc\nCMD ["python"]\n';
  const server = await start();
  await server.open('Dockerfile', text);
  const finding = (await server.diagnostics('Dockerfile')).find(({ range }) => range.start.line >= 2);
  assert.ok(finding);
  const allow = titled(await server.codeActions('Dockerfile', [finding]), /^Allow/);
  assert.equal(edited(text, allow.edit).split('\n')[1], `# plimsoll: allow ${finding.code} -- reason`);
});

test('a client with snippet edits gets the reason as a placeholder', async () => {
  const workspace = {
    ...pullingClient.workspace,
    workspaceEdit: { documentChanges: true, snippetEditSupport: true },
  };
  const server = await start({ capabilities: { ...pullingClient, workspace } });
  await server.open('Dockerfile', service);
  const finding = await found(server, 'Dockerfile', rule);
  const allow = titled(await server.codeActions('Dockerfile', [finding]), /^Allow/);
  assert.match(edited(service, allow.edit), /allow final-stage-runs-as-root -- \$\{1:reason\}\nUSER root/);
});

test('fix all is offered when asked for, and makes every safe fix at once', async () => {
  const server = await start();
  await server.open('Dockerfile', service);
  const [action] = await server.codeActions('Dockerfile', [], 'source.fixAll.plimsoll');
  assert.equal(action?.kind, 'source.fixAll.plimsoll');
  assert.match(edited(service, action?.edit), /^CMD \["python", "app.py"\]$/m);
  assert.deepEqual(await server.codeActions('Dockerfile', []), []);
});

test('a file opened with Windows line ends keeps them in what is inserted', async () => {
  const text = service.replaceAll('\n', '\r\n');
  const server = await start();
  await server.open('Dockerfile', text);
  const finding = await found(server, 'Dockerfile', rule);
  const actions = await server.codeActions('Dockerfile', [finding]);
  assert.ok(!/[^\r]\n/.test(edited(text, titled(actions, /^Allow/).edit)));
  assert.ok(!/[^\r]\n/.test(edited(text, titled(actions, /USER/).edit)));
});

test('the page of a rule is opened by the client', async () => {
  const server = await start();
  await server.open('Dockerfile', service);
  const finding = await found(server, 'Dockerfile', rule);
  const action = titled(await server.codeActions('Dockerfile', [finding]), /^Open the page/);
  await server.connection.sendRequest('workspace/executeCommand', action.command ?? {});
  assert.match(server.shown[0] ?? '', /\/media\/rules\/final-stage-runs-as-root\.md$/);
  assert.equal(finding.codeDescription?.href, server.shown[0]);
});

test('hover on a finding says why, what to do and who says so; elsewhere nothing', async () => {
  const server = await start();
  await server.open('Dockerfile', service);
  const hoverAt = (line: number, character: number): Promise<Hover | null> =>
    server.connection.sendRequest('textDocument/hover', {
      textDocument: { uri: server.uri('Dockerfile') },
      position: { line, character },
    });
  const hover = await hoverAt(3, 6);
  const text =
    hover && typeof hover.contents === 'object' && 'value' in hover.contents ? hover.contents.value : '';
  assert.match(text, /breaks out of a root container/);
  assert.match(text, /Create a user/);
  assert.match(text, /Source: .*Building best practices/);
  assert.equal(await hoverAt(1, 2), null);
});

async function completions(server: LanguageServer, text: string): Promise<string[]> {
  await server.open('Dockerfile.complete', text.replace('|', ''));
  const before = text.slice(0, text.indexOf('|')).split('\n');
  const items = await server.connection.sendRequest<CompletionItem[]>('textDocument/completion', {
    textDocument: { uri: server.uri('Dockerfile.complete') },
    position: { line: before.length - 1, character: before.at(-1)?.length ?? 0 },
  });
  await server.close('Dockerfile.complete');
  return items.map(({ label }) => label);
}

test('completion gives mount types, the options of the type, flags and earlier stages, nothing else', async () => {
  const server = await start();
  assert.deepEqual(await completions(server, 'FROM a\nRUN --mount=type=|'), [
    'cache',
    'bind',
    'secret',
    'ssh',
    'tmpfs',
  ]);
  const cache = await completions(server, 'FROM a\nRUN --mount=type=cache,target=/c,|');
  assert.ok(cache.includes('sharing=') && !cache.includes('target=') && !cache.includes('env='));
  assert.deepEqual(await completions(server, 'FROM a\nRUN --mount=type=cache,sharing=|'), [
    'locked',
    'shared',
    'private',
  ]);
  assert.ok((await completions(server, 'FROM a\nCOPY --|')).includes('--link'));
  assert.deepEqual(await completions(server, 'FROM a AS one\nFROM b AS two\nFROM c\nCOPY --from=|'), [
    'one',
    'two',
  ]);
  assert.deepEqual(await completions(server, 'FROM a AS one\nRUN --mount=type=bind,from=|'), []);
  assert.deepEqual(await completions(server, 'FROM a\nRUN echo --|'), []);
  assert.deepEqual(await completions(server, 'FROM a\n|'), []);
});

test('completion leaves to another server what that one has', async () => {
  const server = await start({ initializationOptions: { othersComplete: true } });
  assert.deepEqual(await completions(server, 'FROM a AS one\nFROM b\nCOPY --from=|'), []);
  const flags = await completions(server, 'FROM a\nCOPY --|');
  assert.ok(flags.includes('--link') && !flags.includes('--from='));
});

test('included requirements and copied files are links', async () => {
  const server = await start({
    files: { 'app.py': '', 'base.txt': 'numpy\n', 'requirements.txt': '-r base.txt\n-r gone.txt\n' },
  });
  await server.open('requirements.txt', '-r base.txt\n-r gone.txt\n', 'pip-requirements');
  await server.open('Dockerfile', service);
  const linksOf = (path: string): Promise<DocumentLink[]> =>
    server.connection.sendRequest('textDocument/documentLink', { textDocument: { uri: server.uri(path) } });
  assert.deepEqual(
    (await linksOf('requirements.txt')).map(({ target }) => target),
    [server.uri('base.txt')],
  );
  const [copied] = await linksOf('Dockerfile');
  assert.equal(copied?.target, server.uri('app.py'));
  assert.deepEqual(copied?.range, { start: { line: 2, character: 5 }, end: { line: 2, character: 11 } });
});

test('the nearest configuration wins over the editor, and what applies can be asked', async () => {
  const server = await start({
    files: {
      'app.py': '',
      '.plimsoll.yaml': 'profile: strict\n',
      'service/.plimsoll.yaml': `rules:\n  ${rule}: error\n  no-such-rule: off\n`,
    },
    settings: { lint: { rules: { [rule]: 'off' } } },
  });
  const allowed = service.replace('CMD python', '# plimsoll: allow shell-form-command -- a test\nCMD python');
  await server.open('service/Dockerfile', allowed);
  assert.equal((await found(server, 'service/Dockerfile', rule)).severity, 1);
  const explained = await server.connection.sendRequest<ConfigurationExplained>(
    'plimsoll/explainConfiguration',
    {
      uri: server.uri('service/Dockerfile'),
    },
  );
  assert.equal(explained.file, server.uri('service/.plimsoll.yaml'));
  assert.equal(explained.profile, 'recommended');
  assert.ok(
    explained.rules.some((each) => each.rule === rule && each.severity === 'error' && each.from === 'file'),
  );
  assert.ok(
    explained.silenced.some(
      (each) =>
        each.rule === 'shell-form-command' && each.because === 'allowed by the comment in line 5: a test',
    ),
  );
  assert.equal(explained.problems.length, 1);
});

test('a file that the configuration excludes has no findings', async () => {
  const server = await start({ files: { '.plimsoll.yaml': 'exclude: [old/]\n' } });
  await server.open('old/Dockerfile', service);
  assert.deepEqual(await server.diagnostics('old/Dockerfile'), []);
});

test('typing in the configuration moves the findings of another open file, and the client is asked to pull', async () => {
  const server = await start({ files: { '.plimsoll.yaml': '' } });
  await server.open('Dockerfile', service);
  await found(server, 'Dockerfile', rule);
  await server.open('.plimsoll.yaml', `rules:\n  ${rule}: off\n`, 'yaml');
  await server.until(() => (server.refreshes > 0 ? true : undefined));
  assert.ok(!(await server.diagnostics('Dockerfile')).some(({ code }) => code === rule));
});

test('a file that appears on disk is seen', async () => {
  const server = await start();
  await server.open('Dockerfile', service);
  await found(server, 'Dockerfile', rule);
  await server.write('.plimsoll.yaml', `rules:\n  ${rule}: off\n`);
  assert.ok(!(await server.diagnostics('Dockerfile')).some(({ code }) => code === rule));
});

test('a finding that another linter shows is left to it, unless the settings say otherwise', async () => {
  const server = await start();
  await server.open('Dockerfile', service);
  const tell = (codes: string[]): Promise<void> =>
    server.connection.sendNotification('plimsoll/otherFindings', { uri: server.uri('Dockerfile'), codes });
  await tell(['DL3002']);
  assert.ok(!(await server.diagnostics('Dockerfile')).some(({ code }) => code === rule));
  await tell([]);
  await found(server, 'Dockerfile', rule);
  const always = await start({ settings: { lint: { overlap: 'always' } } });
  await always.open('Dockerfile', service);
  await always.connection.sendNotification('plimsoll/otherFindings', {
    uri: always.uri('Dockerfile'),
    codes: ['DL3002'],
  });
  await found(always, 'Dockerfile', rule);
  const never = await start({
    settings: { lint: { overlap: 'never' } },
    initializationOptions: { otherLinters: ['^DL\\d{4}$'] },
  });
  await never.open('Dockerfile', service);
  assert.ok(!(await never.diagnostics('Dockerfile')).some(({ code }) => code === rule));
});

test('counts come in words, with the build context of a Dockerfile', async () => {
  const server = await start({
    files: {
      'app.py': '',
      'compose.yaml':
        'services:\n  web:\n    build:\n      context: .\n      dockerfile: docker/Dockerfile\n',
    },
  });
  const heard = new Promise<Counts>((resolve) =>
    server.connection.onNotification('plimsoll/counts', resolve),
  );
  await server.open('docker/Dockerfile', service);
  await server.diagnostics('docker/Dockerfile');
  const counts = await heard;
  assert.match(counts.words, /1 security/);
  assert.equal(counts.context, 'Context: top folder (from compose.yaml)');
  const uri = server.uri('docker/Dockerfile');
  const stated = await server.connection.sendRequest<StatedContext[]>('plimsoll/statedContexts', { uri });
  assert.deepEqual(
    stated.map(({ file }) => file),
    ['compose.yaml'],
  );
});

test('a chosen build context is written into the configuration beside what it says already', async () => {
  const server = await start({ files: { '.plimsoll.yaml': '# ours\nprofile: strict # yes\n' } });
  await server.open('docker/Dockerfile', service);
  const change = await server.connection.sendRequest<ContextEdit>('plimsoll/contextEdit', {
    uri: server.uri('docker/Dockerfile'),
    context: server.uri('docker'),
  });
  assert.deepEqual(change, {
    uri: server.uri('.plimsoll.yaml'),
    exists: true,
    text: '# ours\nprofile: strict # yes\ncontext:\n  docker/Dockerfile: docker\n',
  });
});

test('the preview holds the text with its fixes and changes nothing', async () => {
  const server = await start();
  await server.open('Dockerfile', service);
  const uri = server.uri('Dockerfile');
  const { text, fixes } = await server.connection.sendRequest<FixedText>('plimsoll/fixedText', { uri });
  assert.ok(fixes >= 2);
  assert.match(text ?? '', /^USER \d+$/m);
  await found(server, 'Dockerfile', rule);
});

test('a request about a document that is not open, and data of another tool, are answered and not fatal', async () => {
  const server = await start();
  const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };
  for (const data of [undefined, null, 'x', { rule: 1 }, { rule: 'a', texts: {}, fix: { edits: 'no' } }]) {
    await server.codeActions('gone/Dockerfile', [{ range, message: 'x', source: 'plimsoll', data }]);
  }
  await server.open('Dockerfile', service);
  const actions = await server.codeActions('Dockerfile', [
    { range, message: 'x', source: 'plimsoll', data: { rule: 'a', texts: {}, fix: { edits: 'no' } } },
  ]);
  assert.deepEqual(actions, []);
  await found(server, 'Dockerfile', rule);
});
