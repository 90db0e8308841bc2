import type { Project } from '../project/project';
import { SourceText } from '../project/sourceText';
import type { Finding, Fix, Severity } from '../protocol/finding';
import type { Hit, HitFix, RuleMeta } from './rule';

/** Turns a check's hit into the finding doors show: offsets become 1-based ranges, texts become messages. */
export function findingOf(
  rule: RuleMeta,
  hit: Hit,
  severity: Severity,
  source: SourceText,
  project: Project,
): Finding {
  const sourceOf = (path: string | undefined): SourceText => {
    if (path === undefined || path === source.path) return source;
    return new SourceText(path, project.tree.textOf(path) ?? '');
  };
  return {
    file: source.path,
    range: source.rangeOf(hit.span),
    rule: rule.name,
    aliases: [...new Set([...(rule.aliases ?? []), ...(hit.aliases ?? [])])],
    concern: rule.concern,
    severity,
    what: message(hit.what, hit.with),
    why: message(hit.why ?? rule.why, hit.with),
    next: message(hit.next ?? rule.next, hit.with),
    ...(hit.bytes === undefined ? {} : { bytes: Math.round(hit.bytes) }),
    ...(hit.fix ? { fix: fixOf(hit.fix, sourceOf) } : {}),
    ...(hit.related
      ? {
          related: hit.related.map((place) => ({
            file: place.file ?? source.path,
            range: sourceOf(place.file).rangeOf(place.span),
            message: message(place.what, place.with),
          })),
        }
      : {}),
  };
}

function fixOf(fix: HitFix, sourceOf: (path: string | undefined) => SourceText): Fix {
  return {
    kind: fix.kind,
    title: message(fix.title, fix.with),
    edits: fix.edits.map((edit) => {
      const source = sourceOf(edit.file);
      return { file: source.path, range: source.rangeOf(edit.span), newText: edit.newText };
    }),
  };
}

function message(
  template: string,
  values: Readonly<Record<string, string | number>> | undefined,
): { template: string; with?: Readonly<Record<string, string | number>> } {
  return values ? { template, with: values } : { template };
}
