import type { Silenced } from '../lint/lint';
import type { Project } from '../project/project';
import type { Finding } from '../protocol/finding';
import type { AppliedSettings } from './appliedSettings';
import type { Folder } from './folder';

/** The findings of one version of one document: what every feature reads, and none makes again. */
export interface LintedDocument {
  readonly uri: string;
  readonly folder: Folder;
  readonly path: string;
  readonly version: number;
  readonly text: string;
  readonly project: Project;
  readonly settings: AppliedSettings;
  readonly findings: readonly Finding[];
  readonly silenced: readonly Silenced[];
}
