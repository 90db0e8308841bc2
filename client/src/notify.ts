import { l10n, window } from 'vscode';
import type { Problem } from '../../server/src/protocol/problem';
import type { Message } from '../../server/src/protocol/message';

/** A button under a notification. */
export interface Action {
  readonly label: string;
  run(): unknown;
}

/** The only caller of show*Message. No notification is ever caused by opening a file. */
export function say(text: string, ...actions: readonly Action[]): void {
  void answered(window.showInformationMessage(text, ...labels(actions)), actions);
}

export function warn(text: string, ...actions: readonly Action[]): void {
  void answered(window.showWarningMessage(text, ...labels(actions)), actions);
}

/** What happened, why, what to do next: one line each would be too many, so they are sentences of one text. */
export function showProblem({ what, why, next }: Problem, ...actions: readonly Action[]): void {
  // The first sentence is the heading that people read; the others are whole sentences.
  const text = l10n.t('{what}. {rest}', { what: worded(what), rest: [why, ...next].map(worded).join(' ') });
  void answered(window.showErrorMessage(text, ...labels(actions)), actions);
}

function worded({ template, with: values }: Message): string {
  return values ? l10n.t(template, { ...values }) : l10n.t(template);
}

function labels(actions: readonly Action[]): string[] {
  return actions.map(({ label }) => label);
}

async function answered(choice: Thenable<string | undefined>, actions: readonly Action[]): Promise<void> {
  const chosen = await choice;
  await actions.find(({ label }) => label === chosen)?.run();
}
