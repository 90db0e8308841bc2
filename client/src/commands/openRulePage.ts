import { commands, Uri } from 'vscode';
import type { Services } from '../services';

/** Shows the page of a rule, as links and quick fixes name it; without one there is nothing to show. */
export async function openRulePage(_: Services, page: unknown): Promise<void> {
  if (typeof page === 'string')
    await commands.executeCommand('markdown.showPreviewToSide', Uri.parse(page, true));
}
