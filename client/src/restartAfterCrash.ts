import { l10n, type LogOutputChannel } from 'vscode';
import { CloseAction, ErrorAction, type ErrorHandler } from 'vscode-languageclient';
import type { ServerEvents } from './languageServer';
import { warn } from './notify';

/** A server that keeps crashing on the same document would do so for ever. */
const mostRestarts = 4;

/** Starts the server again after a crash, at most four times in a session, and says so each time. */
export function restartAfterCrash(
  log: LogOutputChannel,
  events: ServerEvents,
  restart: () => Promise<void>,
): ErrorHandler {
  let restarts = 0;
  const showLog = { label: l10n.t('Show Log'), run: () => log.show() };
  const again = {
    label: l10n.t('Restart'),
    run: async () => {
      restarts = 0;
      await restart();
    },
  };
  return {
    // A message that could not be read or written: the connection itself decides whether it is lost.
    error: () => ({ action: ErrorAction.Continue, handled: true }),
    closed: () => {
      log.warn(`language server stopped; restarts so far: ${restarts}`);
      if (restarts >= mostRestarts) {
        events.stopped();
        const text = l10n.t(
          'The language server of Plimsoll stopped {count} times. Files are not linted now.',
          {
            count: mostRestarts + 1,
          },
        );
        warn(text, again, showLog);
        return { action: CloseAction.DoNotRestart, handled: true };
      }
      restarts += 1;
      warn(l10n.t('The language server of Plimsoll stopped and was started again.'), showLog);
      return { action: CloseAction.Restart, handled: true };
    },
  };
}
