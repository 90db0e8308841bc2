import type { Silenced } from '../lint/lint';
import type { Message } from '../protocol/message';
import type { ConfigurationExplained, ExplainConfigurationParams } from '../protocol/languageServer';
import type { Session } from './session';

/** Which configuration applies to a document, and what it and the comments silenced. Null for a document that is not open. */
export async function explainConfiguration(
  { uri }: ExplainConfigurationParams,
  session: Session,
): Promise<ConfigurationExplained | null> {
  const linted = await session.linter.lint(uri);
  if (!linted) return null;
  const { settings, folder } = linted;
  const { found } = settings;
  return {
    file: found.outer?.uri ?? (found.file === undefined ? null : session.uriOf(folder, found.file)),
    excluded: settings.excluded,
    profile: settings.lint.profile,
    overlap: settings.editor.overlap,
    rules: Object.entries(settings.lint.rules).map(([rule, severity]) => ({
      rule,
      severity,
      from: Object.hasOwn(found.configuration.rules, rule) ? 'file' : 'editor',
    })),
    shown: linted.findings.length,
    silenced: linted.silenced.map((silenced) => ({
      rule: silenced.finding.rule,
      message: session.render(silenced.finding.what),
      line: silenced.finding.range.start.line,
      because: session.render(because(silenced)),
    })),
    problems: settings.problems.map(({ what, why }) => `${session.render(what)} ${session.render(why)}`),
  };
}

function because({ by, line, reason }: Silenced): Message {
  if (by === 'other-tool') return { template: 'shown by another tool already' };
  if (by === 'profile') return { template: 'not part of this profile' };
  if (by === 'setting') return { template: 'switched off by a setting' };
  return reason === undefined
    ? { template: 'allowed by the comment in line {line}', with: { line: line ?? 0 } }
    : { template: 'allowed by the comment in line {line}: {reason}', with: { line: line ?? 0, reason } };
}
