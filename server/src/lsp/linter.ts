import { CancellationTokenSource, type CancellationToken } from 'vscode-languageserver';
import { lint } from '../lint/lint';
import type { EditorSettings } from './editorSettings';
import { configurationFor } from './configurations';
import { applySettings } from './appliedSettings';
import type { LintedDocument } from './lintedDocument';
import type { OtherLinters } from './otherLinters';
import { inSlices } from './slices';
import type { Workspace } from './workspace';

interface Run {
  readonly key: string;
  readonly result: Promise<LintedDocument | undefined>;
  readonly cancellation: CancellationTokenSource;
}

/** One lint for each version of a document, shared by everybody who asks; a newer version cancels it. */
export class Linter {
  private readonly runs = new Map<string, Run>();

  constructor(
    private readonly workspace: Workspace,
    private readonly settings: EditorSettings,
    private readonly others: OtherLinters,
    private readonly logError: (error: unknown) => void,
  ) {}

  /** The findings of the document as it is now; undefined when it is not open. */
  async lint(uri: string): Promise<LintedDocument | undefined> {
    for (;;) {
      const run = this.runFor(uri);
      if (!run) return undefined;
      const result = await run.result;
      // A cancelled run means that the document is newer by now.
      if (result) return result;
    }
  }

  forget(uri: string): void {
    this.runs.get(uri)?.cancellation.cancel();
    this.runs.delete(uri);
  }

  private runFor(uri: string): Run | undefined {
    const place = this.workspace.placeOf(uri);
    const document = place?.folder.documents.get(place.path);
    if (!place || !document) return undefined;
    const key = `${document.version} ${place.folder.changes} ${this.settings.changes} ${this.others.changes}`;
    const known = this.runs.get(uri);
    if (known?.key === key && !known.cancellation.token.isCancellationRequested) return known;
    known?.cancellation.cancel();
    const cancellation = new CancellationTokenSource();
    const run = { key, cancellation, result: this.start(uri, cancellation) };
    this.runs.set(uri, run);
    return run;
  }

  private async start(
    uri: string,
    cancellation: CancellationTokenSource,
  ): Promise<LintedDocument | undefined> {
    try {
      const result = await this.run(uri, cancellation.token);
      if (!result) cancellation.cancel();
      return result;
    } catch (error) {
      // The next request tries again instead of finding this failure for ever.
      cancellation.cancel();
      throw error;
    }
  }

  private async run(uri: string, token: CancellationToken): Promise<LintedDocument | undefined> {
    const place = this.workspace.placeOf(uri);
    const document = place?.folder.documents.get(place.path);
    if (!place || !document) return undefined;
    const { folder, path } = place;
    const editor = await this.settings.of(uri);
    const { project, versions, outerConfiguration } = await folder.snapshot();
    if (token.isCancellationRequested || versions.get(path) !== document.version) return undefined;
    const { version } = document;
    const text = document.getText();
    const settings = applySettings(
      configurationFor(project.tree, path, outerConfiguration),
      editor,
      this.others.takenOn(uri, editor.overlap),
    );
    const steps = settings.excluded ? [] : lint(project, settings.lint, new Set([path]));
    const results = await inSlices(steps, token);
    if (!results) return undefined;
    const own = results.filter((step) => step !== undefined).filter(({ file }) => file === path);
    for (const { error } of own.flatMap(({ failures }) => failures)) this.logError(error);
    return {
      uri,
      folder,
      path,
      version,
      text,
      project,
      settings,
      findings: own.flatMap(({ findings }) => findings),
      silenced: own.flatMap(({ silenced }) => silenced),
    };
  }
}
