import type { Disposable, ExtensionContext, LogOutputChannel } from 'vscode';
import type { Counts } from '../../server/src/protocol/languageServer';

/** The running language server as the rest of the extension sees it. */
export interface LanguageServer extends Disposable {
  request<Result>(method: string, params: unknown): Promise<Result>;
  restart(): Promise<void>;
  /** Ends the server; resolves when it is gone. */
  stop(): Promise<void>;
}

/** What the server tells without being asked. */
export interface ServerEvents {
  counted(counts: Counts): void;
  /** The server stopped and will not be started again by itself; the status item says so. */
  stopped(): void;
  running(): void;
}

/** Starts the server: a Node process, or a web worker in a browser-only editor. */
export type StartLanguageServer = (
  context: ExtensionContext,
  log: LogOutputChannel,
  events: ServerEvents,
) => Promise<LanguageServer>;
