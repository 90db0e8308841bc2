import type { Services } from '../services';

/** Starts the language server anew; it keeps nothing that it cannot read again. */
export async function restartLanguageServer({ languageServer }: Services): Promise<void> {
  await (await languageServer()).restart();
}
