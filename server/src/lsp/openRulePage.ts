import type { ExecuteCommandParams } from 'vscode-languageserver';
import type { Session } from './session';

export const openRulePageCommand = 'plimsoll.showRulePage';

/** Shows a rule's page: the client opens it as it opens any document. */
export async function openRulePage(
  { command, arguments: given }: ExecuteCommandParams,
  session: Session,
): Promise<void> {
  const rule: unknown = given?.[0];
  const page = command === openRulePageCommand && typeof rule === 'string' ? session.pageOf(rule) : undefined;
  if (page !== undefined) await session.connection.window.showDocument({ uri: page, takeFocus: true });
}
