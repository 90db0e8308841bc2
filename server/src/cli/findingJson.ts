import type { Finding, Severity } from '../protocol/finding';
import type { Message } from '../protocol/message';

/** A finding as `lint --format json` prints it. */
export interface FindingJson extends Omit<Finding, 'what' | 'why' | 'next' | 'fix' | 'related'> {
  readonly message: string;
  readonly why: string;
  readonly next: string;
  readonly fix?: Omit<NonNullable<Finding['fix']>, 'title'> & { readonly title: string };
  readonly related?: readonly {
    readonly file: string;
    readonly range: Finding['range'];
    readonly message: string;
  }[];
}

export function findingJson(finding: Finding, say: (message: Message) => string): FindingJson {
  const { what, why, next, fix, related, ...rest } = finding;
  return {
    ...rest,
    message: say(what),
    why: say(why),
    next: say(next),
    ...(fix ? { fix: { ...fix, title: say(fix.title) } } : {}),
    ...(related ? { related: related.map((place) => ({ ...place, message: say(place.message) })) } : {}),
  };
}

export interface Summary {
  readonly files: number;
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
  readonly hints: number;
}

export function summaryOf(files: number, findings: readonly Finding[]): Summary {
  const count = (severity: Severity): number =>
    findings.filter((finding) => finding.severity === severity).length;
  return {
    files,
    errors: count('error'),
    warnings: count('warning'),
    infos: count('info'),
    hints: count('hint'),
  };
}
