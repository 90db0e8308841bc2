import {
  type Disposable,
  RelativePattern,
  type TextDocument,
  type TextDocumentChangeEvent,
  workspace,
} from 'vscode';

const dockerfiles = '**/{[Dd]ockerfile,[Cc]ontainerfile,[Dd]ockerfile.*,*.[Dd]ockerfile,[Cc]ontainerfile.*}';

/** Manifests of Kubernetes say in their first lines what they are. */
const sniffedCharacters = 4096;

/**
 * Which documents the server hears of. Python counts where a project has a Dockerfile, YAML where it is a
 * manifest, Compose, or ours; every editor that shows such files would otherwise lend its documents to the server.
 */
export class OpenDocuments implements Disposable {
  private readonly opened = new Set<string>();
  private readonly foldersWithDockerfile = new Set<string>();
  private readonly watcher = workspace.createFileSystemWatcher(dockerfiles, false, true, true);

  /** `openNow` tells the server of a document that became ours while it was open. */
  constructor(private readonly openNow: (document: TextDocument) => Promise<void>) {
    this.watcher.onDidCreate(
      (uri) => void this.hasDockerfile(workspace.getWorkspaceFolder(uri)?.uri.toString()),
    );
  }

  dispose(): void {
    this.watcher.dispose();
  }

  /** Looks for Dockerfiles in every folder; Python documents that are open then become ours. */
  async findDockerfiles(): Promise<void> {
    for (const { uri } of workspace.workspaceFolders ?? []) {
      const [found] = await workspace.findFiles(new RelativePattern(uri, dockerfiles), undefined, 1);
      if (found) await this.hasDockerfile(uri.toString());
    }
  }

  async open(document: TextDocument, next: (document: TextDocument) => Promise<void>): Promise<void> {
    if (!this.isOurs(document)) return;
    this.opened.add(document.uri.toString());
    await next(document);
  }

  async change(
    event: TextDocumentChangeEvent,
    next: (event: TextDocumentChangeEvent) => Promise<void>,
  ): Promise<void> {
    if (this.opened.has(event.document.uri.toString())) await next(event);
    else await this.open(event.document, this.openNow);
  }

  async close(document: TextDocument, next: (document: TextDocument) => Promise<void>): Promise<void> {
    if (this.opened.delete(document.uri.toString())) await next(document);
  }

  private async hasDockerfile(folder: string | undefined): Promise<void> {
    if (folder === undefined || this.foldersWithDockerfile.has(folder)) return;
    this.foldersWithDockerfile.add(folder);
    for (const document of workspace.textDocuments) {
      if (document.languageId === 'python' && !this.opened.has(document.uri.toString()))
        await this.open(document, this.openNow);
    }
  }

  private isOurs(document: TextDocument): boolean {
    if (document.languageId === 'python') {
      const folder = workspace.getWorkspaceFolder(document.uri);
      return folder !== undefined && this.foldersWithDockerfile.has(folder.uri.toString());
    }
    return document.languageId !== 'yaml' || isOurYaml(document);
  }
}

function isOurYaml(document: TextDocument): boolean {
  if (/\/(\.plimsoll|(docker-)?compose[\w.-]*|(environment|conda)[\w.-]*)\.ya?ml$/.test(document.uri.path))
    return true;
  const head = document.getText().slice(0, sniffedCharacters);
  return /^apiVersion:/m.test(head) && /^kind:/m.test(head);
}
