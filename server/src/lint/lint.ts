import type { Project } from '../project/project';
import type { Finding } from '../protocol/finding';
import type { LintSettings } from './settings';

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
}

/**
 * Lints a project file by file; never throws, does no I/O. The caller drives it in slices and may stop between
 * files. `files` limits the answer to these paths; the whole project is still read for facts.
 */
export function* lint(
  project: Project,
  settings: LintSettings,
  files?: ReadonlySet<string>,
): Generator<FileFindings> {
  void settings;
  for (const path of project.tree.paths) {
    if (!files || files.has(path)) yield { file: path, findings: [], silenced: [] };
  }
}
