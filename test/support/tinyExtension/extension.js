// The smallest extension that shows the harness works: a warning on the first word of every Dockerfile.
'use strict';
const vscode = require('vscode');

exports.activate = (context) => {
  const diagnostics = vscode.languages.createDiagnosticCollection('tiny');
  const check = (document) => {
    if (document.languageId !== 'dockerfile') return;
    const range = document.getWordRangeAtPosition(new vscode.Position(0, 0)) ?? new vscode.Range(0, 0, 0, 1);
    diagnostics.set(document.uri, [
      new vscode.Diagnostic(range, `tiny (${vscode.env.language})`, vscode.DiagnosticSeverity.Warning),
    ]);
  };
  vscode.workspace.textDocuments.forEach(check);
  context.subscriptions.push(diagnostics, vscode.workspace.onDidOpenTextDocument(check));
};
