import type { Dockerfile } from '../project/dockerfile/dockerfile';
import type {
  DockerfileDocument,
  LockDocument,
  Project,
  ProjectFile,
  PyprojectDocument,
  PythonDocument,
  RequirementsDocument,
} from '../project/project';
import type { Span } from '../project/span';
import type { Concern, FixKind, Severity } from '../protocol/finding';
import type { Profile } from './settings';

/** An edit by offsets; `file` is the linted file when left out. */
export interface SpanEdit {
  readonly file?: string;
  readonly span: Span;
  readonly newText: string;
}

export interface HitFix {
  readonly kind: FixKind;
  readonly title: string;
  readonly with?: Readonly<Record<string, string | number>>;
  readonly edits: readonly SpanEdit[];
}

/** What a check yields: one thing found, by offsets in the linted file. */
export interface Hit {
  readonly span: Span;
  /** English template of the message; values in `with`. */
  readonly what: string;
  readonly with?: Readonly<Record<string, string | number>>;
  /** Where the case decides: differs from the rule's own. */
  readonly severity?: Severity;
  /** Instead of the rule's texts, where the case decides. */
  readonly why?: string;
  readonly next?: string;
  /** Foreign codes that fire on this very case. */
  readonly aliases?: readonly string[];
  /** Estimated bytes on disk that following the advice saves. */
  readonly bytes?: number;
  readonly fix?: HitFix;
  readonly related?: readonly {
    readonly file?: string;
    readonly span: Span;
    readonly what: string;
    readonly with?: Readonly<Record<string, string | number>>;
  }[];
}

/** What a check looks at: one file, and the project it stands in. */
export interface Subject<F extends ProjectFile> {
  readonly file: F;
  readonly project: Project;
}

/** The kinds of file a rule can look at. */
export interface Subjects {
  dockerfile: Subject<DockerfileDocument> & { readonly dockerfile: Dockerfile };
  requirements: Subject<RequirementsDocument>;
  pyproject: Subject<PyprojectDocument>;
  lock: Subject<LockDocument>;
  python: Subject<PythonDocument>;
}

export type SubjectKind = keyof Subjects;

/** A subject that says its kind, for rules that look at several. */
export type SubjectOf<K extends SubjectKind> = { [P in K]: { readonly kind: P } & Subjects[P] }[K];

/** What is known of a rule without running it: its page, the settings schema and `plimsoll rules` are made of this. */
export interface RuleMeta {
  /** kebab-case, describes the flagged pattern, reads well after "allow". */
  readonly name: string;
  readonly on: SubjectKind | readonly SubjectKind[];
  readonly concern: Concern;
  readonly severity: Severity;
  /** One sentence. */
  readonly summary: string;
  readonly why: string;
  readonly next: string;
  /** Where the facts come from. */
  readonly sources: readonly string[];
  /** Foreign codes for the whole rule: they silence it and are silenced with it. */
  readonly aliases?: readonly string[];
  readonly fixKind?: FixKind;
  /** Both when left out. */
  readonly profiles?: readonly Profile[];
  /** Set for rules about bytes: in recommended they are silent when what they save is known to be under 1 MB. */
  readonly aboutSize?: boolean;
}

export interface Rule<K extends SubjectKind = SubjectKind> extends RuleMeta {
  readonly on: K | readonly K[];
  check(subject: SubjectOf<K>): Iterable<Hit>;
}

/** Gives a rule its types. */
export function defineRule<K extends SubjectKind>(rule: Rule<K>): Rule<K> {
  return rule;
}
