import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  type ClientCapabilities,
  type CodeAction,
  createProtocolConnection,
  type Diagnostic,
  type DocumentDiagnosticReport,
  type InitializeResult,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  type Range,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';

/** What VS Code announces, as far as this server looks at it. */
export const pullingClient: ClientCapabilities = {
  textDocument: {
    diagnostic: { dynamicRegistration: true, relatedInformation: true },
    hover: { contentFormat: ['markdown', 'plaintext'] },
    codeAction: { dataSupport: true },
  },
  workspace: {
    diagnostics: { refreshSupport: true },
    workspaceFolders: true,
    configuration: true,
    workspaceEdit: { documentChanges: true, changeAnnotationSupport: {} },
  },
  window: { showDocument: { support: true } },
};

/** A client from before pull diagnostics. */
export const pushedClient: ClientCapabilities = {
  textDocument: { publishDiagnostics: { relatedInformation: true }, hover: { contentFormat: ['plaintext'] } },
};

export interface ServerOptions {
  readonly files?: Readonly<Record<string, string>>;
  readonly capabilities?: ClientCapabilities;
  readonly initializationOptions?: unknown;
  /** What `workspace/configuration` answers for the section `plimsoll`. */
  readonly settings?: unknown;
}

/** The built language server over stdio, with a folder of its own, as an editor drives it. */
export class LanguageServer {
  readonly published: PublishDiagnosticsParams[] = [];
  refreshes = 0;
  shown: string[] = [];
  initialized: InitializeResult | undefined;
  private readonly waiting = new Set<() => void>();
  private version = 1;

  private constructor(
    readonly folder: string,
    readonly child: ChildProcess,
    readonly connection: ProtocolConnection,
  ) {}

  static async start(options: ServerOptions = {}): Promise<LanguageServer> {
    const folder = mkdtempSync(join(tmpdir(), 'plimsoll-lsp-'));
    for (const [path, text] of Object.entries(options.files ?? {})) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const child = spawn(process.execPath, [join(process.cwd(), 'dist/server.js'), '--stdio'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const connection = createProtocolConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
    const server = new LanguageServer(folder, child, connection);
    server.listen(options);
    await server.initialize(options);
    return server;
  }

  uri(path: string): string {
    return pathToFileURL(join(this.folder, path)).href;
  }

  async open(path: string, text: string, languageId = 'dockerfile'): Promise<void> {
    await this.connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri: this.uri(path), languageId, version: this.version, text },
    });
  }

  /** Replaces a range by text, as a keystroke does. */
  async edit(path: string, range: Range, text: string): Promise<void> {
    this.version += 1;
    await this.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri: this.uri(path), version: this.version },
      contentChanges: [{ range, text }],
    });
  }

  async close(path: string): Promise<void> {
    await this.connection.sendNotification('textDocument/didClose', {
      textDocument: { uri: this.uri(path) },
    });
  }

  /** Writes a file beside the editors, and tells the server as a watcher does. */
  async write(path: string, text: string): Promise<void> {
    writeFileSync(join(this.folder, path), text);
    await this.connection.sendNotification('workspace/didChangeWatchedFiles', {
      changes: [{ uri: this.uri(path), type: 1 }],
    });
  }

  pull(path: string, previousResultId?: string): Promise<DocumentDiagnosticReport> {
    return this.connection.sendRequest('textDocument/diagnostic', {
      textDocument: { uri: this.uri(path) },
      ...(previousResultId === undefined ? {} : { previousResultId }),
    });
  }

  async diagnostics(path: string): Promise<Diagnostic[]> {
    const report = await this.pull(path);
    return report.kind === 'full' ? report.items : [];
  }

  codeActions(path: string, diagnostics: readonly Diagnostic[], only?: string): Promise<CodeAction[]> {
    const start = { line: 0, character: 0 };
    return this.connection.sendRequest('textDocument/codeAction', {
      textDocument: { uri: this.uri(path) },
      range: diagnostics[0]?.range ?? { start, end: start },
      context: { diagnostics, ...(only === undefined ? {} : { only: [only] }) },
    });
  }

  /** The first answer of `read` that is defined, tried again whenever the server says something. */
  async until<T>(read: () => T | undefined): Promise<T> {
    for (;;) {
      const value = read();
      if (value !== undefined) return value;
      await new Promise<void>((resolve) => this.waiting.add(resolve));
    }
  }

  async stop(): Promise<number | null> {
    const ended = new Promise<number | null>((resolve) => this.child.on('exit', resolve));
    await this.connection.sendRequest('shutdown');
    await this.connection.sendNotification('exit');
    const code = await ended;
    this.connection.dispose();
    rmSync(this.folder, { recursive: true, force: true });
    return code;
  }

  private listen({ settings }: ServerOptions): void {
    this.connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
      this.published.push(params);
      this.heard();
    });
    this.connection.onRequest('workspace/diagnostic/refresh', () => {
      this.refreshes += 1;
      this.heard();
      return null;
    });
    this.connection.onRequest('workspace/configuration', ({ items }: { items: unknown[] }) =>
      items.map(() => settings ?? null),
    );
    this.connection.onRequest('window/showDocument', ({ uri }: { uri: string }) => {
      this.shown.push(uri);
      return { success: true };
    });
    this.connection.onRequest('client/registerCapability', () => null);
    this.connection.listen();
  }

  private async initialize({
    capabilities = pullingClient,
    initializationOptions,
  }: ServerOptions): Promise<void> {
    const uri = pathToFileURL(this.folder).href;
    this.initialized = await this.connection.sendRequest('initialize', {
      processId: process.pid,
      rootUri: uri,
      workspaceFolders: capabilities.workspace?.workspaceFolders ? [{ uri, name: 'folder' }] : null,
      capabilities,
      ...(initializationOptions === undefined ? {} : { initializationOptions }),
    });
    await this.connection.sendNotification('initialized', {});
  }

  private heard(): void {
    for (const resolve of this.waiting) resolve();
    this.waiting.clear();
  }
}
