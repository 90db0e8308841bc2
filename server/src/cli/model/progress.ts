import type { Message } from '../../protocol/message';
import type { Invocation } from '../command';

/** Writes a step over the last one on standard error; silent where nobody watches. */
export function progressOf({ flags, terminal }: Invocation): (message: Message) => void {
  const watched = process.stderr.isTTY;
  if (!watched && !flags.isSet('progress')) return () => undefined;
  return (message) =>
    terminal.err(watched ? `\r\u001b[K${terminal.say(message)}` : `${terminal.say(message)}\n`);
}

/** Clears the line that progress used, before the report. */
export function clearProgress({ terminal }: Invocation): void {
  if (process.stderr.isTTY) terminal.err('\r\u001b[K');
}
