import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { offered, openFile, shown } from '../support/editorActions';

describe('in Chinese', () => {
  it('the server, the actions and the commands speak it', async () => {
    assert.equal(vscode.env.language, 'zh-cn');
    const { document } = await openFile('Dockerfile');
    const finding = await shown(document.uri, 'final-stage-runs-as-root');
    assert.match(finding?.message ?? '', /\p{Script=Han}/u);
    assert.ok(finding && (await offered(document.uri, finding.range, /^在此处放行/)));
    const manifest = vscode.extensions.getExtension('plimsoll.plimsoll')?.packageJSON as Manifest;
    for (const { title } of manifest.contributes.commands) {
      assert.match(typeof title === 'string' ? title : title.value, /\p{Script=Han}/u);
    }
  });
});

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly title: string | { readonly value: string } }[];
  };
}
