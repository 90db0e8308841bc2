import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { eventually, fileUri, findings, offered, openFile, ruleOf, shown } from '../support/editorActions';

const rule = 'final-stage-runs-as-root';

describe('the extension', () => {
  it('shows a finding at the exact word, with its page', async () => {
    const { document } = await openFile('Dockerfile');
    const finding = await shown(document.uri, rule);
    assert.ok(finding);
    assert.equal(document.getText(finding.range), 'root');
    assert.equal(finding.source, 'plimsoll');
    assert.ok(typeof finding.code === 'object');
    assert.ok(finding.code.target.path.endsWith(`/media/rules/${rule}.md`));
  });

  it('says why on hover', async () => {
    const uri = fileUri('Dockerfile');
    const finding = await shown(uri, rule);
    assert.ok(finding);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      uri,
      finding.range.start,
    );
    const text = hovers
      .flatMap(({ contents }) => contents)
      .map((part) => (typeof part === 'string' ? part : part.value))
      .join('\n');
    assert.match(text, /breaks out of a root container/);
  });

  it('applies a quick fix, after which the finding is gone', async () => {
    const { document } = await openFile('Dockerfile');
    const finding = await shown(document.uri, rule);
    assert.ok(finding);
    const action = await offered(document.uri, finding.range, /USER/);
    assert.ok(action?.edit);
    assert.ok(await vscode.workspace.applyEdit(withoutQuestion(action.edit)));
    assert.match(document.getText(), /^USER \d+/m);
    assert.ok(
      await eventually(() =>
        findings(document.uri).some((each) => ruleOf(each) === rule) ? undefined : true,
      ),
    );
    await vscode.commands.executeCommand('undo');
    assert.ok(await shown(document.uri, rule));
  });

  it('allows a finding with a comment above the instruction', async () => {
    const { document } = await openFile('Dockerfile');
    const finding = await shown(document.uri, rule);
    assert.ok(finding);
    const action = await offered(document.uri, finding.range, /^Allow/);
    assert.ok(action?.edit);
    assert.ok(await vscode.workspace.applyEdit(action.edit));
    assert.match(document.getText(), new RegExp(`^# plimsoll: allow ${rule} -- reason\\nUSER root$`, 'm'));
    assert.ok(
      await eventually(() =>
        findings(document.uri).some((each) => ruleOf(each) === rule) ? undefined : true,
      ),
    );
    await vscode.commands.executeCommand('undo');
    assert.ok(await shown(document.uri, rule));
  });

  it('obeys a setting at once', async () => {
    const { document } = await openFile('Dockerfile');
    assert.ok(await shown(document.uri, rule));
    const lint = vscode.workspace.getConfiguration('plimsoll.lint');
    await lint.update('rules', { [rule]: 'off' }, vscode.ConfigurationTarget.Workspace);
    assert.ok(
      await eventually(() =>
        findings(document.uri).some((each) => ruleOf(each) === rule) ? undefined : true,
      ),
    );
    await lint.update('rules', undefined, vscode.ConfigurationTarget.Workspace);
    assert.ok(await shown(document.uri, rule));
  });

  it('previews the fixes beside the file and changes nothing', async () => {
    const { document } = await openFile('Dockerfile');
    await shown(document.uri, rule);
    const before = document.getText();
    await vscode.commands.executeCommand('plimsoll.previewFixes');
    const preview = await eventually(() =>
      vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'plimsoll-fixed'),
    );
    assert.match(preview?.getText() ?? '', /^USER \d+/m);
    assert.equal(document.getText(), before);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('writes the build context into .plimsoll.yaml', async () => {
    await openFile('Dockerfile');
    const picked = vscode.commands.executeCommand('plimsoll.changeBuildContext');
    await eventually(async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      const written = await vscode.workspace.findFiles('.plimsoll.yaml');
      return written.length > 0 ? true : undefined;
    });
    await picked;
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(fileUri('.plimsoll.yaml')));
    assert.equal(text, 'context:\n  Dockerfile: .\n');
    await vscode.workspace.fs.delete(fileUri('.plimsoll.yaml'));
  });

  it('lints again after a restart of the server', async () => {
    const { document } = await openFile('Dockerfile');
    await vscode.commands.executeCommand('plimsoll.restartLanguageServer');
    assert.ok(await shown(document.uri, rule));
  });

  it('inserts snippets as Dockerfile text, continuations and variables included', async () => {
    const extension = vscode.extensions.getExtension('plimsoll.plimsoll');
    assert.ok(extension);
    const file = await vscode.workspace.fs.readFile(
      vscode.Uri.joinPath(extension.extensionUri, 'snippets/dockerfile.json'),
    );
    const snippets = JSON.parse(new TextDecoder().decode(file)) as Record<string, { body: string[] }>;
    const document = await vscode.workspace.openTextDocument({ language: 'dockerfile', content: '' });
    const editor = await vscode.window.showTextDocument(document);
    const body = snippets['Serving image for a model, with uv']?.body.join('\n') ?? '';
    assert.ok(await editor.insertSnippet(new vscode.SnippetString(body)));
    const text = document.getText();
    assert.ok(text.includes('ENV PATH=/app/.venv/bin:$PATH HF_HOME='), text);
    assert.ok(text.includes('target=/root/.cache/uv \\\n    --mount=type=bind'), text);
    assert.deepEqual(findings(document.uri).map(ruleOf), []);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('leaves YAML alone that is no manifest', async () => {
    const { document } = await openFile('notes.yaml');
    assert.deepEqual(findings(document.uri), []);
  });

  it('leaves a finding to another linter that shows it, and takes it back when that one stops', async () => {
    const { document } = await openFile('Dockerfile');
    assert.ok(await shown(document.uri, rule));
    const other = vscode.languages.createDiagnosticCollection('other');
    const theirs = new vscode.Diagnostic(new vscode.Range(3, 0, 3, 9), 'Last USER should not be root');
    theirs.source = 'hadolint';
    theirs.code = 'DL3002';
    other.set(document.uri, [theirs]);
    assert.ok(
      await eventually(() =>
        findings(document.uri).some((each) => ruleOf(each) === rule) ? undefined : true,
      ),
    );
    other.dispose();
    assert.ok(await shown(document.uri, rule));
  });
});

/** The same edit, without the question that a person answers in the preview. */
function withoutQuestion(edit: vscode.WorkspaceEdit): vscode.WorkspaceEdit {
  const plain = new vscode.WorkspaceEdit();
  for (const [uri, edits] of edit.entries()) plain.set(uri, edits);
  return plain;
}
