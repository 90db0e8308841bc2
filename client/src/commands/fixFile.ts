import { commands } from 'vscode';

/** Applies every safe fix of the active file. */
export async function fixFile(): Promise<void> {
  await commands.executeCommand('editor.action.sourceAction', {
    kind: 'source.fixAll.plimsoll',
    apply: 'first',
  });
}
