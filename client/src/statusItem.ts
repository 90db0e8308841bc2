import {
  commands,
  type Disposable,
  l10n,
  type LanguageStatusItem,
  languages,
  MarkdownString,
  StatusBarAlignment,
  type TextDocument,
  ThemeColor,
  type Uri,
  window,
} from 'vscode';
import type { Counts } from '../../server/src/protocol/languageServer';
import { documentSelector } from './documentSelector';
import type { ServerEvents } from './languageServer';

/** Left of the language's name, where problems of a file are looked for. */
const priority = 50;

/** The counts of the active document in words. Visible on files that are linted, nowhere else. */
export class StatusItem implements ServerEvents, Disposable {
  private readonly item = window.createStatusBarItem('plimsoll.findings', StatusBarAlignment.Left, priority);
  private contextItem: LanguageStatusItem | undefined;
  private readonly counts = new Map<string, Counts>();
  private readonly listening: readonly Disposable[];
  private state: 'starting' | 'running' | 'stopped' = 'starting';

  constructor() {
    this.item.name = 'Plimsoll';
    this.listening = [window.onDidChangeActiveTextEditor(() => this.show())];
    this.show();
  }

  counted(counts: Counts): void {
    this.counts.set(counts.uri, counts);
    this.show();
  }

  running(): void {
    this.state = 'running';
    this.show();
  }

  stopped(): void {
    this.state = 'stopped';
    this.show();
  }

  dispose(): void {
    this.item.dispose();
    this.contextItem?.dispose();
    for (const listener of this.listening) listener.dispose();
  }

  private show(): void {
    const document = window.activeTextEditor?.document;
    // Looking into the output leaves the file where it is.
    if (document?.uri.scheme === 'output') return;
    const ours = document !== undefined && isLinted(document, this.counts);
    void commands.executeCommand('setContext', 'plimsoll.isOurs', ours);
    if (!ours) return this.item.hide();
    this.item.text = this.text(document.uri);
    this.item.accessibilityInformation = { label: this.item.text.replace(/\$\([^)]*\)\s*/, '') };
    this.item.tooltip = this.tooltip(document.uri);
    this.showContext(document.uri);
    this.item.command = this.state === 'stopped' ? 'plimsoll.showLog' : 'workbench.actions.view.problems';
    // exactOptionalPropertyTypes is off in the editor's typings: undefined means the normal background.
    this.item.backgroundColor =
      this.state === 'stopped' ? new ThemeColor('statusBarItem.errorBackground') : undefined;
    this.item.show();
  }

  /** Beside the language's name, as other tools show which project a file belongs to. */
  private showContext(uri: Uri): void {
    const context = this.counts.get(uri.toString())?.context;
    if (context === undefined) return;
    this.contextItem ??= newContextItem();
    this.contextItem.text = context;
  }

  private text(uri: Uri): string {
    if (this.state === 'stopped') return `$(error) ${l10n.t('Plimsoll: stopped')}`;
    const counts = this.counts.get(uri.toString());
    if (!counts) return `$(loading~spin) Plimsoll`;
    if (counts.findings === 0) return `$(check) ${l10n.t('Plimsoll: nothing found')}`;
    return l10n.t('Plimsoll: {counts}', { counts: counts.words });
  }

  private tooltip(uri: Uri): MarkdownString {
    const text = new MarkdownString();
    const context = this.counts.get(uri.toString())?.context;
    if (context !== undefined) {
      text
        .appendText(context)
        .appendMarkdown(` · [${l10n.t('Change')}](command:plimsoll.changeBuildContext)\n\n`);
    }
    text.isTrusted = {
      enabledCommands: [
        'plimsoll.explainConfiguration',
        'plimsoll.previewFixes',
        'plimsoll.changeBuildContext',
        'plimsoll.showLog',
      ],
    };
    text.appendMarkdown(
      [
        `[${l10n.t('Preview the fixes of this file')}](command:plimsoll.previewFixes)`,
        `[${l10n.t('Which configuration applies here, and what was silenced')}](command:plimsoll.explainConfiguration)`,
        `[${l10n.t('Show Log')}](command:plimsoll.showLog)`,
      ].join('  \n'),
    );
    return text;
  }
}

function newContextItem(): LanguageStatusItem {
  const item = languages.createLanguageStatusItem('plimsoll.context', { language: 'dockerfile' });
  item.name = l10n.t('Build context');
  item.command = { command: 'plimsoll.changeBuildContext', title: l10n.t('Change') };
  return item;
}

/** Files of every linted kind have the item; YAML and Python once the server counted them. */
function isLinted(document: TextDocument, counts: ReadonlyMap<string, Counts>): boolean {
  if (counts.has(document.uri.toString())) return true;
  return (
    !['yaml', 'python'].includes(document.languageId) && languages.match(documentSelector(), document) > 0
  );
}
