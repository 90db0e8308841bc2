import { type Hover, type HoverParams, MarkupKind } from 'vscode-languageserver';
import type { Finding } from '../protocol/finding';
import { formatBytes } from '../l10n/formatBytes';
import { contains, toProtocolRange } from './position';
import type { Session } from './session';

/** Why a finding matters, what to do, how many bytes it costs, and who says so. The message itself is shown already. */
export async function hover(params: HoverParams, session: Session): Promise<Hover | null> {
  const linted = await session.linter.lint(params.textDocument.uri);
  const here =
    linted?.findings.filter(({ range }) => contains(toProtocolRange(range), params.position)) ?? [];
  const [first] = here;
  if (!first) return null;
  const { hoverMarkdown } = session.client;
  const value = here
    .map((finding) => describe(finding, session, hoverMarkdown))
    .join(hoverMarkdown ? '\n\n---\n\n' : '\n\n');
  return {
    contents: { kind: hoverMarkdown ? MarkupKind.Markdown : MarkupKind.PlainText, value },
    range: toProtocolRange(first.range),
  };
}

function describe(finding: Finding, session: Session, markdown: boolean): string {
  const say = (message: Finding['why']): string =>
    markdown ? escapeMarkdown(session.render(message)) : session.render(message);
  const page = session.pageOf(finding.rule);
  const name = markdown
    ? page === undefined
      ? `\`${finding.rule}\``
      : `[\`${finding.rule}\`](${page})`
    : finding.rule;
  const saves =
    finding.bytes === undefined
      ? []
      : [say({ template: 'Saves about {bytes} (estimated).', with: { bytes: formatBytes(finding.bytes) } })];
  const sources = session.rule(finding.rule)?.sources ?? [];
  return [
    `**${name}**`.replaceAll('**', markdown ? '**' : ''),
    say(finding.why),
    ...saves,
    say(finding.next),
    ...(sources.length === 0
      ? []
      : [say({ template: 'Source: {sources}', with: { sources: sources.join('; ') } })]),
  ].join(markdown ? '\n\n' : '\n');
}

/** Values in a message come from the user's files: they are text, never links or HTML. */
function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>()#!|~&]/g, String.raw`\$&`);
}
