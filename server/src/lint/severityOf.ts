import type { Severity } from '../protocol/finding';
import type { Hit, RuleMeta } from './rule';
import type { LintSettings } from './settings';

/** Below this a size finding is noise in the recommended profile (ai-images 3.2: default 1 MB). */
const smallestBytesTold = 1_000_000;

export type Verdict =
  | { readonly shown: true; readonly severity: Severity }
  | { readonly shown: false; readonly severity: Severity; readonly by: 'setting' | 'profile' | 'other-tool' };

/** The only place that decides how severe a finding is: the rule, then the profile, then the user. */
export function severityOf(rule: RuleMeta, hit: Hit, settings: LintSettings): Verdict {
  const own = hit.severity ?? rule.severity;
  const names = [rule.name, ...(rule.aliases ?? []), ...(hit.aliases ?? [])];
  const wished = userWish(names, settings);
  if (wished === 'off') return { shown: false, severity: own, by: 'setting' };
  if (names.some((name) => settings.leftToOthers.has(name)))
    return { shown: false, severity: own, by: 'other-tool' };
  if (wished) return { shown: true, severity: wished };
  const inProfile = !rule.profiles || rule.profiles.includes(settings.profile);
  const tooSmall =
    settings.profile === 'recommended' &&
    rule.aboutSize &&
    hit.bytes !== undefined &&
    hit.bytes < smallestBytesTold;
  return inProfile && !tooSmall
    ? { shown: true, severity: own }
    : { shown: false, severity: own, by: 'profile' };
}

function userWish(names: readonly string[], settings: LintSettings): Severity | 'off' | undefined {
  for (const name of names) if (Object.hasOwn(settings.rules, name)) return settings.rules[name];
  return undefined;
}
