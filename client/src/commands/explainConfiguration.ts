import {
  l10n,
  type QuickPickItem,
  QuickPickItemKind,
  Range,
  type TextDocument,
  Uri,
  window,
  workspace,
} from 'vscode';
import {
  type ConfigurationExplained,
  type ExplainConfigurationParams,
  explainConfigurationMethod,
} from '../../../server/src/protocol/languageServer';
import { say } from '../notify';
import type { Services } from '../services';

interface Line extends QuickPickItem {
  /** What choosing the line opens. */
  readonly opens?: { readonly uri: Uri; readonly line?: number };
}

/** Lists which configuration applies to the active file, and what was silenced by what; a line opens its place. */
export async function explainConfiguration({ languageServer }: Services): Promise<void> {
  const document = window.activeTextEditor?.document;
  if (!document) return;
  const server = await languageServer();
  const params: ExplainConfigurationParams = { uri: document.uri.toString() };
  const explained = await server.request<ConfigurationExplained | null>(explainConfigurationMethod, params);
  if (!explained) return say(l10n.t('Plimsoll does not lint this file.'));
  const chosen = await window.showQuickPick(lines(document, explained), {
    title: l10n.t('Plimsoll: what applies to {file}', { file: workspace.asRelativePath(document.uri) }),
    matchOnDetail: true,
  });
  if (!chosen?.opens) return;
  const { uri, line } = chosen.opens;
  const place = line === undefined ? {} : { selection: new Range(line - 1, 0, line - 1, 0) };
  await window.showTextDocument(uri, place);
}

function lines(document: TextDocument, explained: ConfigurationExplained): Line[] {
  const file = explained.file === null ? undefined : Uri.parse(explained.file, true);
  return [
    heading(l10n.t('Configuration')),
    file
      ? {
          label: workspace.asRelativePath(file),
          description: l10n.t('configuration file'),
          opens: { uri: file },
        }
      : { label: l10n.t('No .plimsoll.yaml here: the settings of the editor apply') },
    ...(explained.excluded
      ? [{ label: l10n.t('The configuration leaves this file out: it is not linted') }]
      : []),
    ...explained.problems.map((problem) => ({ label: `$(warning) ${problem}` })),
    { label: l10n.t('Profile {profile}', { profile: explained.profile }) },
    { label: l10n.t('Findings that other tools show too: {overlap}', { overlap: explained.overlap }) },
    ...explained.rules.map(({ rule, severity, from }) => ({
      label: `${rule}: ${severity}`,
      description:
        from === 'file' ? l10n.t('from the configuration file') : l10n.t('from the settings of the editor'),
    })),
    heading(l10n.t('Silenced')),
    ...(explained.silenced.length === 0 ? [{ label: l10n.t('Nothing was silenced in this file') }] : []),
    ...explained.silenced.map(({ rule, message, line, because }) => ({
      label: rule,
      description: because,
      detail: l10n.t('Line {line}: {message}', { line, message }),
      opens: { uri: document.uri, line },
    })),
  ];
}

function heading(label: string): Line {
  return { label, kind: QuickPickItemKind.Separator };
}
