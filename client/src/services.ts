import type { LogOutputChannel } from 'vscode';
import type { FixPreviews } from './fixPreviews';
import type { LanguageServer } from './languageServer';

/** What commands work with. */
export interface Services {
  readonly log: LogOutputChannel;
  readonly fixPreviews: FixPreviews;
  /** Resolves when the language server runs; rejects when it could not be started. */
  readonly languageServer: () => Promise<LanguageServer>;
}
