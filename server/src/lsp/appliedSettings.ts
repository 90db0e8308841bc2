import { defaultSettings, type LintSettings } from '../lint/settings';
import type { FileTree } from '../project/fileTree';
import type { Problem } from '../protocol/problem';
import type { LintPreferences } from './editorSettings';
import { nearestConfiguration } from './nearestConfiguration';

/** The settings of one document and where they came from: the nearest `.plimsoll.yaml` over the editor's. */
export interface AppliedSettings {
  readonly lint: LintSettings;
  readonly editor: LintPreferences;
  /** The configuration file that applies, relative to the folder. */
  readonly file?: string;
  readonly problems: readonly Problem[];
}

export function applySettings(
  tree: FileTree,
  path: string,
  editor: LintPreferences,
  leftToOthers: ReadonlySet<string>,
): AppliedSettings {
  const file = nearestConfiguration(tree, path);
  const lint: LintSettings = {
    ...defaultSettings,
    profile: editor.profile ?? defaultSettings.profile,
    rules: editor.rules,
    leftToOthers,
  };
  return { lint, editor, ...(file === undefined ? {} : { file }), problems: [] };
}
