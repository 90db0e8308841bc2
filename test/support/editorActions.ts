import * as vscode from 'vscode';

/** What the tests inside an extension host do, in a Node host and in a browser's. */

/** The first answer of `read` that is defined; undefined when there is none in time. */
export async function eventually<T>(
  read: () => T | undefined | Promise<T | undefined>,
): Promise<T | undefined> {
  const end = Date.now() + 20_000;
  for (;;) {
    const value = await read();
    if (value !== undefined || Date.now() > end) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export function fileUri(path: string): vscode.Uri {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  if (!folder) throw new Error('no folder is open');
  return vscode.Uri.joinPath(folder.uri, path);
}

export async function openFile(path: string): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(fileUri(path));
}

export function findings(uri: vscode.Uri): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'plimsoll');
}

export function ruleOf({ code }: vscode.Diagnostic): string {
  return String(typeof code === 'object' ? code.value : code);
}

/** The finding of a rule, as soon as the editor shows it. */
export function shown(uri: vscode.Uri, rule: string): Promise<vscode.Diagnostic | undefined> {
  return eventually(() => findings(uri).find((diagnostic) => ruleOf(diagnostic) === rule));
}

/** The quick fix whose title matches, as soon as the editor offers it. */
export function offered(
  uri: vscode.Uri,
  range: vscode.Range,
  title: RegExp,
): Promise<vscode.CodeAction | undefined> {
  return eventually(async () => {
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      uri,
      range,
    );
    return actions.find((action) => title.test(action.title));
  });
}
