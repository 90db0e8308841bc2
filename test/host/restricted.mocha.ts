import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { openFile, shown } from '../support/editorActions';

describe('in a restricted folder', () => {
  it('findings are shown', async () => {
    assert.equal(vscode.workspace.isTrusted, false);
    const { document } = await openFile('Dockerfile');
    assert.ok(await shown(document.uri, 'final-stage-runs-as-root'));
    assert.equal(vscode.window.terminals.length, 0);
    assert.equal(vscode.tasks.taskExecutions.length, 0);
  });
});
