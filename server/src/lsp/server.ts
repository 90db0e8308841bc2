import {
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  FileChangeType,
  type InitializeParams,
  type InitializeResult,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { rules } from '../lint/rules';
import {
  contextEditMethod,
  type ContextEditParams,
  explainConfigurationMethod,
  type ExplainConfigurationParams,
  fixedTextMethod,
  type FixedTextParams,
  otherFindingsMethod,
  type OtherFindings,
  statedContextsMethod,
  type StatedContextsParams,
} from '../protocol/languageServer';
import { featuresOf } from './clientFeatures';
import { codeActionKinds, codeActions } from './codeActions';
import { complete } from './completion';
import { contextEdit, statedContexts } from './contextEdit';
import { DiagnosticsDelivery } from './deliverDiagnostics';
import { documentLinks } from './documentLinks';
import { EditorSettings } from './editorSettings';
import { errorText } from './errorText';
import { explainConfiguration } from './explainConfiguration';
import { fixedText } from './fixAll';
import { hover } from './hover';
import { initializationOptions } from './initializationOptions';
import { Linter } from './linter';
import { openRulePage, openRulePageCommand } from './openRulePage';
import { OtherLinters } from './otherLinters';
import { Session } from './session';
import type { WorkspaceFiles } from './workspaceFiles';
import { Workspace } from './workspace';

/** What differs between the Node process and the web worker. */
export interface Host {
  /** `servesFiles`: the client reads files for folders that the host cannot reach. */
  files(connection: Connection, servesFiles: boolean): WorkspaceFiles;
  /** Where the rules' pages lie when the client does not say. */
  readonly rulePages?: string;
}

/** Serves one client over `connection` until it ends. */
export function serve(connection: Connection, host: Host): void {
  connection.onInitialize((params) => startSession(connection, host, params));
  connection.listen();
}

function startSession(connection: Connection, host: Host, params: InitializeParams): InitializeResult {
  const options = initializationOptions(params.initializationOptions);
  const client = featuresOf(params);
  const settings = new EditorSettings(connection, client.asksConfiguration, options.settings);
  const others = new OtherLinters(options.otherLinters);
  const workspace = new Workspace(host.files(connection, options.servesFiles));
  const linter = new Linter(workspace, settings, others, (error) =>
    connection.console.error(errorText(error)),
  );
  const pages = options.rulePages ?? host.rulePages;
  const session = new Session(connection, client, workspace, linter, rules, {
    ...options,
    ...(pages === undefined ? {} : { rulePages: pages }),
  });
  const delivery = new DiagnosticsDelivery(session);
  for (const folder of rootsOf(params)) workspace.addRoot(folder);

  listenToDocuments(session, delivery, settings, others);
  listenToWorkspace(session, delivery, settings);
  listenToRequests(session, delivery);
  connection.onNotification(otherFindingsMethod, ({ uri, codes }: OtherFindings) => {
    if (others.shows(uri, codes)) delivery.lookAgainLater();
  });
  connection.onInitialized(() => register(session).catch((error: unknown) => session.logError(error)));
  connection.onShutdown(() => delivery.dispose());

  return {
    serverInfo: { name: 'plimsoll' },
    capabilities: {
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
      // A client that cannot pull must not be told that the server waits for it: it would show nothing at all.
      ...(client.pullsDiagnostics
        ? {
            diagnosticProvider: {
              identifier: 'plimsoll',
              interFileDependencies: true,
              workspaceDiagnostics: false,
            },
          }
        : {}),
      codeActionProvider: { codeActionKinds },
      executeCommandProvider: { commands: [openRulePageCommand] },
      hoverProvider: true,
      completionProvider: { triggerCharacters: ['-', '=', ',', ' '] },
      documentLinkProvider: {},
      ...(client.workspaceFolders
        ? { workspace: { workspaceFolders: { supported: true, changeNotifications: true } } }
        : {}),
    },
  };
}

function listenToDocuments(
  session: Session,
  delivery: DiagnosticsDelivery,
  settings: EditorSettings,
  others: OtherLinters,
): void {
  const { connection, workspace, linter } = session;
  const logged = (work: Promise<void>): void => void work.catch((error: unknown) => session.logError(error));
  const documents = new TextDocuments(TextDocument);
  documents.onDidOpen(({ document }) => workspace.open(document));
  // An opened document counts as changed too, so this sees every version there is.
  documents.onDidChangeContent(({ document }) => {
    workspace.placeOf(document.uri)?.folder.documentChanged();
    logged(delivery.changed(document.uri));
  });
  documents.onDidClose(({ document }) => {
    workspace.close(document);
    linter.forget(document.uri);
    settings.forget(document.uri);
    others.forget(document.uri);
    logged(delivery.closed(document.uri));
  });
  documents.listen(connection);
}

function listenToWorkspace(session: Session, delivery: DiagnosticsDelivery, settings: EditorSettings): void {
  const { connection, workspace } = session;
  connection.onDidChangeConfiguration(({ settings: pushed }) => {
    settings.changed(pushed);
    delivery.lookAgainLater();
  });
  connection.onDidChangeWatchedFiles(({ changes }) => {
    for (const { uri, type } of changes) {
      for (const { folder, path } of workspace.placesOfFile(uri)) {
        // An open editor is nearer than the disk: saving it changes nothing that is not known.
        if (type === FileChangeType.Changed && folder.documents.has(path)) continue;
        folder.fileChanged(path, type !== FileChangeType.Changed || path.endsWith('.gitignore'));
      }
    }
    delivery.lookAgainLater();
  });
}

function listenToRequests(session: Session, delivery: DiagnosticsDelivery): void {
  const { connection } = session;
  if (session.client.pullsDiagnostics)
    connection.languages.diagnostics.on((params, token) => delivery.pull(params, token));
  connection.onCodeAction((params) => codeActions(params, session));
  connection.onExecuteCommand((params) => openRulePage(params, session));
  connection.onHover((params) => hover(params, session));
  connection.onCompletion((params) => complete(params, session));
  connection.onDocumentLinks((params) => documentLinks(params, session));
  connection.onRequest(explainConfigurationMethod, (params: ExplainConfigurationParams) =>
    explainConfiguration(params, session),
  );
  connection.onRequest(statedContextsMethod, (params: StatedContextsParams) =>
    statedContexts(params, session),
  );
  connection.onRequest(contextEditMethod, (params: ContextEditParams) => contextEdit(params, session));
  connection.onRequest(fixedTextMethod, (params: FixedTextParams) => fixedText(params, session));
}

/** What can only be asked for after the handshake. */
async function register({ connection, client, workspace }: Session): Promise<void> {
  if (client.workspaceFolders) {
    connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
      for (const { uri } of removed) workspace.removeRoot(uri);
      for (const { uri } of added) workspace.addRoot(uri);
    });
  }
  if (client.registersConfiguration) {
    await connection.client.register(DidChangeConfigurationNotification.type, { section: 'plimsoll' });
  }
  if (client.registersWatchers) {
    await connection.client.register(DidChangeWatchedFilesNotification.type, {
      watchers: [{ globPattern: '**/*' }],
    });
  }
}

function rootsOf({ workspaceFolders, rootUri }: InitializeParams): readonly string[] {
  if (workspaceFolders) return workspaceFolders.map(({ uri }) => uri);
  return typeof rootUri === 'string' ? [rootUri] : [];
}
