import type { DockerfileDocument, Project, ProjectFile } from '../project/project';
import type { Finding } from '../protocol/finding';
import { type AllowComment, allowedBy, type CommentPlace, readAllowComments } from './allowComments';
import { dockerfileComments, lineComments } from './commentPlaces';
import { findingOf } from './findingOf';
import type { Hit, Rule, SubjectKind } from './rule';
import { rules as allRules } from './rules';
import type { LintSettings } from './settings';
import { severityOf } from './severityOf';

/** Why a finding is not shown. */
export interface Silenced {
  readonly finding: Finding;
  readonly by: 'comment' | 'setting' | 'profile' | 'other-tool';
  /** The reason after `--` in an allow comment, where one was given. */
  readonly reason?: string;
  /** 1-based line of the comment. */
  readonly line?: number;
}

export interface FileFindings {
  readonly file: string;
  readonly findings: readonly Finding[];
  readonly silenced: readonly Silenced[];
  /** Rules that broke on this file: ours to mend. Doors log them; tests fail on them. */
  readonly failures: readonly { readonly rule: string; readonly error: unknown }[];
}

/**
 * Lints a project file by file; never throws, does no I/O. It yields undefined after every rule, so that a caller
 * can drive it in slices and stop inside a long file. `files` limits the answer to these paths; the whole project is
 * still read for facts. Files without any rule for their kind yield nothing.
 */
export function* lint(
  project: Project,
  settings: LintSettings,
  files?: ReadonlySet<string>,
  rules: readonly Rule<SubjectKind>[] = allRules,
): Generator<FileFindings | undefined> {
  const wanted = (file: ProjectFile): boolean => !files || files.has(file.path);
  const byKind = (kind: SubjectKind): readonly Rule<SubjectKind>[] =>
    rules.filter((rule) => [rule.on].flat().includes(kind));
  for (const file of project.dockerfiles) {
    if (wanted(file))
      yield* lintFile(
        'dockerfile',
        file,
        project,
        settings,
        byKind('dockerfile'),
        dockerfileComments(file.dockerfile),
      );
  }
  const others: readonly (readonly [SubjectKind, readonly ProjectFile[]])[] = [
    ['requirements', project.requirements],
    ['pyproject', project.pyprojects],
    ['lock', project.locks],
    ['python', project.pythonFiles],
  ];
  for (const [kind, kindFiles] of others) {
    const kindRules = byKind(kind);
    for (const file of kindFiles) {
      if (wanted(file)) yield* lintFile(kind, file, project, settings, kindRules, lineComments(file.source));
    }
  }
}

/** The whole answer at once, for callers that need not listen in between. */
export function lintFiles(...asked: Parameters<typeof lint>): readonly FileFindings[] {
  return [...lint(...asked)].filter((step) => step !== undefined);
}

function* lintFile(
  kind: SubjectKind,
  file: ProjectFile,
  project: Project,
  settings: LintSettings,
  rules: readonly Rule<SubjectKind>[],
  places: Iterable<CommentPlace>,
): Generator<FileFindings | undefined> {
  const comments = readAllowComments(places);
  const findings: Finding[] = [];
  const silenced: Silenced[] = [];
  const failures: { rule: string; error: unknown }[] = [];
  for (const rule of rules) {
    for (const hit of checked(rule, kind, file, project, failures)) {
      const verdict = severityOf(rule, hit, settings);
      const finding = findingOf(rule, hit, verdict.severity, file.source, project);
      const comment = allowedBy(comments, [rule.name, ...finding.aliases], hit.span);
      if (comment) silenced.push(silencedByComment(finding, comment, file));
      else if (verdict.shown) findings.push(finding);
      else silenced.push({ finding, by: verdict.by });
    }
    yield undefined;
  }
  findings.sort(byPlace);
  yield { file: file.path, findings, silenced, failures };
}

/** A check that throws loses its own findings, never the others'. */
function checked(
  rule: Rule<SubjectKind>,
  kind: SubjectKind,
  file: ProjectFile,
  project: Project,
  failures: { rule: string; error: unknown }[],
): readonly Hit[] {
  const subject = { kind, file, project, dockerfile: (file as Partial<DockerfileDocument>).dockerfile };
  try {
    return [...rule.check(subject as Parameters<typeof rule.check>[0])];
  } catch (error) {
    failures.push({ rule: rule.name, error });
    return [];
  }
}

function silencedByComment(finding: Finding, comment: AllowComment, file: ProjectFile): Silenced {
  const line = file.source.positionAt(comment.at).line;
  return {
    finding,
    by: 'comment',
    line,
    ...(comment.reason === undefined ? {} : { reason: comment.reason }),
  };
}

function byPlace(a: Finding, b: Finding): number {
  return (
    a.range.start.line - b.range.start.line ||
    a.range.start.column - b.range.start.column ||
    (a.rule < b.rule ? -1 : 1)
  );
}
