import type { InitializeParams } from 'vscode-languageserver';

/** What the client can do, as it announced it. A client that says nothing gets the plainest answers. */
export interface ClientFeatures {
  readonly pullsDiagnostics: boolean;
  readonly refreshesDiagnostics: boolean;
  readonly asksConfiguration: boolean;
  readonly registersWatchers: boolean;
  readonly registersConfiguration: boolean;
  readonly workspaceFolders: boolean;
  readonly versionedEdits: boolean;
  readonly snippetEdits: boolean;
  readonly confirmsEdits: boolean;
  readonly showsDocuments: boolean;
  readonly relatedInformation: boolean;
  readonly hoverMarkdown: boolean;
  readonly snippetCompletions: boolean;
}

export function featuresOf({
  capabilities: { workspace, textDocument, window },
}: InitializeParams): ClientFeatures {
  const edits = workspace?.workspaceEdit;
  const diagnostics = textDocument?.diagnostic ?? textDocument?.publishDiagnostics;
  return {
    pullsDiagnostics: textDocument?.diagnostic !== undefined,
    refreshesDiagnostics: workspace?.diagnostics?.refreshSupport === true,
    asksConfiguration: workspace?.configuration === true,
    registersWatchers: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    registersConfiguration: workspace?.didChangeConfiguration?.dynamicRegistration === true,
    workspaceFolders: workspace?.workspaceFolders === true,
    versionedEdits: edits?.documentChanges === true,
    snippetEdits: edits?.snippetEditSupport === true,
    confirmsEdits: edits?.changeAnnotationSupport !== undefined,
    showsDocuments: window?.showDocument?.support === true,
    relatedInformation: diagnostics?.relatedInformation === true,
    hoverMarkdown: textDocument?.hover?.contentFormat?.includes('markdown') === true,
    snippetCompletions: textDocument?.completion?.completionItem?.snippetSupport === true,
  };
}
