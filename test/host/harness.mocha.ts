import assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('the host harness', () => {
  it('runs in an extension host with the extension under test', async () => {
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(folder);
    const file = vscode.Uri.joinPath(folder.uri, 'Dockerfile');
    await vscode.window.showTextDocument(file);
    await poll(() => vscode.languages.getDiagnostics(file).length > 0);
    assert.match(vscode.languages.getDiagnostics(file)[0]?.message ?? '', /^tiny/);
  });
});

async function poll(holds: () => boolean): Promise<void> {
  const end = Date.now() + 15_000;
  while (!holds() && Date.now() < end) await new Promise((done) => setTimeout(done, 50));
}
