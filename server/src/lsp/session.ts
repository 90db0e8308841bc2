import type { Connection } from 'vscode-languageserver';
import { type Bundle, render } from '../l10n/render';
import type { RuleMeta } from '../lint/rule';
import type { Message } from '../protocol/message';
import type { ClientFeatures } from './clientFeatures';
import type { Folder } from './folder';
import type { Linter } from './linter';
import { errorText } from './errorText';
import { uriBelow } from './uriPath';
import type { Workspace } from './workspace';

/** What every feature of one client's session needs. */
export class Session {
  private readonly rules: ReadonlyMap<string, RuleMeta>;

  constructor(
    readonly connection: Connection,
    readonly client: ClientFeatures,
    readonly workspace: Workspace,
    readonly linter: Linter,
    rules: readonly RuleMeta[],
    private readonly options: {
      readonly bundle: Bundle;
      readonly rulePages?: string;
      readonly othersComplete: boolean;
    },
  ) {
    this.rules = new Map(rules.map((rule) => [rule.name, rule]));
  }

  /** Another server completes flags and stage names as far as it knows them. */
  get othersComplete(): boolean {
    return this.options.othersComplete;
  }

  render(message: Message): string {
    return render(message, this.options.bundle);
  }

  rule(name: string): RuleMeta | undefined {
    return this.rules.get(name);
  }

  /** The URI of a rule's page; undefined when nobody told where the pages lie. */
  pageOf(rule: string): string | undefined {
    const { rulePages } = this.options;
    return rulePages === undefined ? undefined : `${rulePages}/${rule}.md`;
  }

  /** An unexpected error: its stack belongs in the log, and the session goes on. */
  logError(error: unknown): void {
    this.connection.console.error(errorText(error));
  }

  /** The URI of a file as the client knows it: an open document's own, else one made from the folder's. */
  uriOf(folder: Folder, path: string): string {
    return folder.documents.get(path)?.uri ?? uriBelow(folder.uri, path);
  }
}
