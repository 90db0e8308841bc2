import ignore from 'ignore';
import { combineSettings, unknownRuleNames } from '../lint/combineSettings';
import type { LintSettings } from '../lint/settings';
import type { Problem } from '../protocol/problem';
import type { FoundConfiguration } from './configurations';
import type { LintPreferences } from './editorSettings';

/** The settings of one document and where they came from: the nearest `.plimsoll.yaml` over the editor's. */
export interface AppliedSettings {
  readonly lint: LintSettings;
  readonly editor: LintPreferences;
  readonly found: FoundConfiguration;
  /** The configuration leaves the document out. */
  readonly excluded: boolean;
  readonly problems: readonly Problem[];
}

export function applySettings(
  found: FoundConfiguration,
  editor: LintPreferences,
  leftToOthers: LintSettings['leftToOthers'],
): AppliedSettings {
  const { configuration, relativePath, file } = found;
  return {
    lint: combineSettings({}, configuration, editor, leftToOthers),
    editor,
    found,
    excluded:
      configuration.exclude.length > 0 &&
      ignore()
        .add([...configuration.exclude])
        .ignores(relativePath),
    problems: [...found.problems, ...unknownRuleNames(configuration, file ?? '')],
  };
}
