import { join, relative } from 'node:path';
import ignore from 'ignore';
import { readProjectFolder } from '../../disk/readProjectFolder';
import type { SettingsLayer } from '../../lint/combineSettings';
import { type FileFindings, lintFiles } from '../../lint/lint';
import type { LintSettings } from '../../lint/settings';
import type { Project } from '../../project/project';
import type { Problem } from '../../protocol/problem';
import { Configurations, type FoundConfiguration } from './configurations';
import type { LintTarget } from './lintTargets';

export interface LintRun {
  readonly project: Project;
  readonly files: readonly FileFindings[];
  readonly problems: readonly Problem[];
}

export interface LintRunOptions {
  readonly flags: SettingsLayer;
  readonly configuration: FoundConfiguration;
  /** `--config` was given: no other configuration file counts. */
  readonly configurationFixed: boolean;
  readonly exclude: readonly string[];
  /** Build context of every Dockerfile, relative to the target's root. */
  readonly context?: string;
  /** Texts that stand for files: standard input, or fixes not yet written. */
  readonly texts?: ReadonlyMap<string, string>;
}

/** Reads one project and lints what the target asks for. */
export function lintTarget(target: LintTarget, options: LintRunOptions): LintRun {
  const { configuration } = options;
  const excluded = exclusion(target.root, configuration, options.exclude);
  const only = target.only;
  const { project, problems } = readProjectFolder(target.root, {
    ...(options.texts ? { texts: options.texts } : {}),
    ...(excluded ? { excluded: (path) => excluded(path) && !only?.has(path) } : {}),
    ...(only ? { dockerfiles: new Set([...only].filter(looksLikeNothingElse)) } : {}),
    contexts: contextsOf(target.root, configuration, options.context),
  });
  const configurations = new Configurations(
    target.root,
    project.tree,
    configuration,
    options.configurationFixed,
  );
  const files: FileFindings[] = [];
  for (const { settings, paths } of bySettings(lintedPaths(project, only), (path) =>
    configurations.settingsOf(path, options.flags),
  )) {
    files.push(...lintFiles(project, settings, paths));
  }
  files.sort((a, b) => (a.file < b.file ? -1 : 1));
  return { project, files, problems: [...configurations.problems, ...problems] };
}

/** Paths with equal settings together: each group is one walk over the rules. */
function bySettings(
  paths: readonly string[],
  settingsOf: (path: string) => LintSettings,
): Iterable<{ readonly settings: LintSettings; readonly paths: ReadonlySet<string> }> {
  const groups = new Map<string, { settings: LintSettings; paths: Set<string> }>();
  for (const path of paths) {
    const settings = settingsOf(path);
    const key = JSON.stringify({ ...settings, leftToOthers: null });
    const group = groups.get(key) ?? { settings, paths: new Set() };
    group.paths.add(path);
    groups.set(key, group);
  }
  return groups.values();
}

function lintedPaths(project: Project, only: ReadonlySet<string> | undefined): readonly string[] {
  return project.tree.paths.filter((path) => (only ? only.has(path) : !project.tree.isIgnored(path)));
}

/** A file named on the command line whose name says nothing is meant as a Dockerfile. */
function looksLikeNothingElse(path: string): boolean {
  return !/\.(txt|in|toml|lock|ya?ml|json|py|sh|md|hcl|mk)$|ignore$/i.test(path);
}

function exclusion(
  root: string,
  { folder, configuration }: FoundConfiguration,
  flags: readonly string[],
): ((path: string) => boolean) | undefined {
  if (flags.length === 0 && configuration.exclude.length === 0) return undefined;
  const fromFlags = ignore().add([...flags]);
  const fromFile = ignore().add([...configuration.exclude]);
  const toFile = relative(folder, root).replaceAll('\\', '/');
  return (path) => fromFlags.ignores(path) || fromFile.ignores(toFile === '' ? path : `${toFile}/${path}`);
}

/** Build contexts by Dockerfile, relative to the root. */
function contextsOf(
  root: string,
  { folder, configuration }: FoundConfiguration,
  flag: string | undefined,
): ReadonlyMap<string, string> {
  if (flag !== undefined) return new Map([['*', flag]]);
  const relativeTo = (path: string): string => relative(root, join(folder, path)).replaceAll('\\', '/');
  return new Map(
    Object.entries(configuration.context).map(([dockerfile, context]) => [
      dockerfile === '*' ? '*' : relativeTo(dockerfile),
      relativeTo(context) || '.',
    ]),
  );
}
