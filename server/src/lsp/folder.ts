import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Project } from '../project/project';
import { isConfiguration } from '../project/configuration/nearestConfiguration';
import { ProjectCache } from '../project/projectCache';
import { readProject, type Want } from '../project/readProject';
import { chosenContexts, type OuterConfiguration } from './configurations';
import { FolderTree, Listing } from './folderTree';
import { messagesIn } from './slices';
import type { WorkspaceFiles } from './workspaceFiles';

/** Files fetched between two readings of the project, so that parsing them stays a short step. */
const fetchedAtOnce = 24;

/** The project as it stood at one moment, with the open documents it was read from. */
export interface Snapshot {
  readonly project: Project;
  /** Grows with every change below the folder; two snapshots of one generation are the same. */
  readonly generation: number;
  /** The version of every open document this was read from, by path. */
  readonly versions: ReadonlyMap<string, number>;
  readonly outerConfiguration: OuterConfiguration | undefined;
}

/** One root: a workspace folder, or the folder of a document outside all of them. */
export class Folder {
  /** Open documents by their path below this folder. */
  readonly documents = new Map<string, TextDocument>();
  private generation = 0;
  private listing: Promise<Listing> | undefined;
  private outer: Promise<OuterConfiguration | undefined> | undefined;
  private readonly texts = new Map<string, string | undefined>();
  private readonly headers = new Map<string, Uint8Array | undefined>();
  private readonly cache = new ProjectCache();
  private latest: { readonly generation: number; readonly snapshot: Promise<Snapshot> } | undefined;

  constructor(
    readonly uri: string,
    private readonly files: WorkspaceFiles,
  ) {}

  get changes(): number {
    return this.generation;
  }

  /** An open document below this folder changed, opened or closed. */
  documentChanged(): void {
    this.generation += 1;
  }

  /** A file changed outside the editors. `listed` = whether files came or went. */
  fileChanged(path: string, listed: boolean): void {
    this.texts.delete(path);
    this.headers.delete(path);
    if (listed) {
      this.listing = undefined;
      this.outer = undefined;
    }
    this.generation += 1;
  }

  async snapshot(): Promise<Snapshot> {
    if (this.latest?.generation !== this.generation) {
      this.latest = { generation: this.generation, snapshot: this.read(this.generation) };
    }
    return this.latest.snapshot;
  }

  private async read(generation: number): Promise<Snapshot> {
    this.outer ??= this.files.outerConfiguration(this.uri);
    this.listing ??= this.files.list(this.uri).then((found) => new Listing(found));
    const listing = await this.listing;
    const outerConfiguration = await this.outer;
    for (;;) {
      const open = new Map([...this.documents].map(([path, document]) => [path, document.getText()]));
      const versions = new Map([...this.documents].map(([path, document]) => [path, document.version]));
      const tree = new FolderTree(listing, { texts: this.texts, headers: this.headers }, open);
      const configurations = tree.paths.filter(isConfiguration);
      const contexts = chosenContexts(tree, configurations);
      const { project, wants } = readProject(tree, this.cache, {
        dockerfiles: this.openedAsDockerfiles(),
        contexts,
      });
      const alsoWanted = configurations.map((path): Want => ({ path, what: 'text' }));
      const missing = [...wants, ...alsoWanted].filter(({ path, what }) => !this.hasFetched(path, what));
      // A want that was fetched and is absent stays a want; it is answered all the same.
      if (missing.length === 0) return { project, generation, versions, outerConfiguration };
      await this.fetch(missing.slice(0, fetchedAtOnce));
      await messagesIn();
    }
  }

  private async fetch(wants: readonly Want[]): Promise<void> {
    await Promise.all(
      wants.map(async ({ path, what }) => {
        if (what === 'text') this.texts.set(path, await this.files.readText(this.uri, path));
        else this.headers.set(path, await this.files.readHeader(this.uri, path));
      }),
    );
  }

  /** Files whose name does not say it, opened under the language all the same. */
  private openedAsDockerfiles(): ReadonlySet<string> {
    const opened = [...this.documents].filter(([, document]) => document.languageId === 'dockerfile');
    return new Set(opened.map(([path]) => path));
  }

  private hasFetched(path: string, what: Want['what']): boolean {
    return this.documents.has(path) || (what === 'text' ? this.texts : this.headers).has(path);
  }
}
