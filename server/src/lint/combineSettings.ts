import type { Configuration } from '../project/configuration/configuration';
import type { Severity } from '../protocol/finding';
import type { Problem } from '../protocol/problem';
import { rules } from './rules';
import type { LintSettings, Profile } from './settings';

/** Settings that stand below (the editor's) and above (the command line's flags) a configuration file. */
export interface SettingsLayer {
  readonly profile?: Profile;
  readonly rules?: Readonly<Record<string, Severity | 'off'>>;
  readonly sizeBudgetBytes?: number;
}

/** Flags over the configuration file over the editor. */
export function combineSettings(
  flags: SettingsLayer,
  configuration: Configuration,
  editor: SettingsLayer,
  leftToOthers: LintSettings['leftToOthers'] = new Set(),
): LintSettings {
  const sizeBudgetBytes = flags.sizeBudgetBytes ?? configuration.sizeBudgetBytes ?? editor.sizeBudgetBytes;
  return {
    profile: flags.profile ?? configuration.profile ?? editor.profile ?? 'recommended',
    rules: { ...editor.rules, ...configuration.rules, ...flags.rules },
    leftToOthers,
    ...(sizeBudgetBytes === undefined ? {} : { sizeBudgetBytes }),
  };
}

/** Names in a configuration that are neither a rule of ours nor written like a foreign code. */
export function unknownRuleNames(configuration: Configuration, file: string): readonly Problem[] {
  const names = new Set(rules.flatMap((rule) => [rule.name, ...(rule.aliases ?? [])]));
  return Object.keys(configuration.rules)
    .filter((name) => !names.has(name) && !/^[A-Z]/.test(name))
    .map((name) => ({
      code: 'rule-unknown',
      file,
      what: { template: '{file} names a rule that does not exist: {name}', with: { file, name } },
      why: { template: 'Nothing is silenced by it' },
      next: [{ template: 'See plimsoll rules' }],
    }));
}
