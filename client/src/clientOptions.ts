import { type ExtensionContext, env, l10n, type LogOutputChannel, Uri } from 'vscode';
import { type ErrorHandler, type LanguageClientOptions, RevealOutputChannelOn } from 'vscode-languageclient';
import type { InitializationOptions } from '../../server/src/protocol/languageServer';
import { documentSelector } from './documentSelector';
import type { OpenDocuments } from './openDocuments';
import { installedLinters } from './otherLinters';
import { showRulePage } from './rulePage';

/** What the Node client and the browser's have in common. */
export function clientOptions(
  context: ExtensionContext,
  log: LogOutputChannel,
  documents: OpenDocuments,
  errorHandler: ErrorHandler,
): LanguageClientOptions {
  const linters = installedLinters();
  const initializationOptions: InitializationOptions = {
    ...(l10n.bundle ? { bundle: l10n.bundle } : {}),
    rulePages: Uri.joinPath(context.extensionUri, 'media', 'rules', rulePagesFolder())
      .toString()
      .replace(/\/$/, ''),
    otherLinters: linters.map(({ aliases }) => aliases),
    othersComplete: linters.some(({ completes }) => completes),
    servesFiles: true,
  };
  return {
    documentSelector: documentSelector(),
    outputChannel: log,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    initializationOptions,
    errorHandler,
    // A file that a search only peeks into is not linted.
    textSynchronization: { delayOpenNotifications: true },
    diagnosticPullOptions: { onChange: true, onFocus: true },
    middleware: {
      didOpen: (document, next) => documents.open(document, next),
      didChange: (event, next) => documents.change(event, next),
      didClose: (document, next) => documents.close(document, next),
      window: { showDocument: showRulePage },
    },
  };
}

/** Pages are translated as a whole; a language without them reads the English ones. */
function rulePagesFolder(): string {
  return env.language.toLowerCase() === 'zh-cn' ? 'zh-cn' : '';
}
