import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { eventually, fileUri, findings, offered, openFile, ruleOf, shown } from '../support/editorActions';

const rule = 'final-stage-runs-as-root';

describe('in a browser', () => {
  it('a server in a worker shows findings of files in a virtual file system', async () => {
    const { document } = await openFile('Dockerfile');
    assert.ok(document.uri.scheme !== 'file');
    const finding = await shown(document.uri, rule);
    assert.ok(finding);
    assert.equal(document.getText(finding.range), 'root');
  });

  it('a finding can be allowed with a comment', async () => {
    const uri = fileUri('Dockerfile');
    const finding = await shown(uri, rule);
    assert.ok(finding);
    const action = await offered(uri, finding.range, /^Allow/);
    assert.ok(action?.edit);
    assert.ok(await vscode.workspace.applyEdit(action.edit));
    assert.ok(
      await eventually(() => (findings(uri).some((each) => ruleOf(each) === rule) ? undefined : true)),
    );
  });

  it('files that no editor shows are read through the editor', async () => {
    const uri = fileUri('Dockerfile');
    const links = await eventually(async () => {
      const found = await vscode.commands.executeCommand<vscode.DocumentLink[]>(
        'vscode.executeLinkProvider',
        uri,
      );
      return found.some(({ target }) => target?.path.endsWith('/app.py')) ? found : undefined;
    });
    assert.ok(links);
  });
});
