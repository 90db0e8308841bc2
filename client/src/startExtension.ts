import { type ExtensionContext, window, workspace } from 'vscode';
import { registerCommands } from './commands/registerCommands';
import { FixPreviews, fixedScheme } from './fixPreviews';
import type { LanguageServer, StartLanguageServer } from './languageServer';
import type { Services } from './services';
import { StatusItem } from './statusItem';

/**
 * Everything that needs no language server is there when this returns; the server is loaded and started after
 * that. The result ends it.
 */
export function startExtension(
  context: ExtensionContext,
  loadLanguageClient: () => Promise<StartLanguageServer>,
): { stop(): Promise<void> } {
  const log = window.createOutputChannel('Plimsoll', { log: true });
  const status = new StatusItem();
  const fixPreviews = new FixPreviews();
  const server = afterActivation(async () => {
    const start = await loadLanguageClient();
    return start(context, log, status);
  });
  server.catch((error: unknown) => {
    log.error(error instanceof Error ? error : String(error));
    status.stopped();
  });
  const services: Services = { log, fixPreviews, languageServer: () => server };
  context.subscriptions.push(
    log,
    status,
    workspace.registerTextDocumentContentProvider(fixedScheme, fixPreviews),
    ...registerCommands(services),
  );
  return {
    async stop(): Promise<void> {
      const running: LanguageServer | undefined = await server.catch(() => undefined);
      await running?.stop();
    },
  };
}

/** Activation is measured until it returns; the editor draws before this runs. */
function afterActivation<T>(work: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    setTimeout(() => void work().then(resolve, reject), 0);
  });
}
