import { type Hover, type HoverParams, MarkupKind } from 'vscode-languageserver';
import type { Finding } from '../protocol/finding';
import type { Message } from '../protocol/message';
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
  // The editor shows the message of each finding above; only several need to be told apart.
  const parts = here.map((finding) => [
    ...(here.length > 1 ? [heading(finding, session, hoverMarkdown)] : []),
    ...explanation(finding, session, hoverMarkdown),
  ]);
  const value = parts
    .map((lines) => lines.join(hoverMarkdown ? '\n\n' : '\n'))
    .join(hoverMarkdown ? '\n\n---\n\n' : '\n\n');
  return {
    contents: { kind: hoverMarkdown ? MarkupKind.Markdown : MarkupKind.PlainText, value },
    range: toProtocolRange(first.range),
  };
}

function heading(finding: Finding, session: Session, markdown: boolean): string {
  const text = session.render(finding.what);
  return markdown ? `**${escapeMarkdown(text)}**` : text;
}

function explanation(finding: Finding, session: Session, markdown: boolean): string[] {
  const say = (message: Message): string => {
    const text = session.render(message);
    return markdown ? escapeMarkdown(text) : text;
  };
  const sources = session.rule(finding.rule)?.sources.join('; ');
  return [
    say(finding.why),
    ...(finding.bytes === undefined
      ? []
      : [say({ template: 'Saves about {bytes} (estimated).', with: { bytes: formatBytes(finding.bytes) } })]),
    say(finding.next),
    ...(sources ? [say({ template: 'Source: {sources}', with: { sources } })] : []),
  ];
}

/** Values in a message come from the user's files: they are text, never links or HTML. */
function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>()#!|~&]/g, String.raw`\$&`);
}
