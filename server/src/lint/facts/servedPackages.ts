import type { InstalledPackage } from '../../project/dependencies/packageSet';
import type { Project } from '../../project/project';
import type { Span } from '../../project/span';
import { type PythonInstallation, pythonInstallations } from './pythonInstallations';
import { purposeOf } from './stageFacts';

/** A package as one image installs it. */
export interface ServedPackage {
  readonly package: InstalledPackage;
  readonly installation: PythonInstallation;
}

const kept = new WeakMap<Project, ReadonlyMap<string, readonly ServedPackage[]>>();

/** Everything any image installs, by the file it is written in: one walk per snapshot. */
function packagesByFile(project: Project): ReadonlyMap<string, readonly ServedPackage[]> {
  const known = kept.get(project);
  if (known) return known;
  const found = new Map<string, ServedPackage[]>();
  for (const installation of pythonInstallations(project)) {
    for (const one of installation.packages) {
      const inFile = found.get(one.file) ?? [];
      found.set(one.file, inFile);
      inFile.push({ package: one, installation });
    }
  }
  kept.set(project, found);
  return found;
}

/** What serving images install as written in this file, in the order of the file; one entry per place and image. */
export function servedPackagesIn(file: string, project: Project): readonly ServedPackage[] {
  return packagesIn(file, project).filter(
    ({ installation }) => purposeOf(installation.document.dockerfile).purpose === 'serving',
  );
}

/** What any image installs as written in this file. */
export function packagesIn(file: string, project: Project): readonly ServedPackage[] {
  return (packagesByFile(project).get(file) ?? []).filter((served) => !served.package.isPossible);
}

/** The first entry of each place: for findings that are about the package, whoever installs it. */
export function firstOfEachPlace(all: readonly ServedPackage[]): readonly ServedPackage[] {
  const seen = new Set<number>();
  return all.filter((served) => {
    const { start } = served.package.span;
    if (seen.has(start)) return false;
    seen.add(start);
    return true;
  });
}

/**
 * The name and, where it is pinned right behind it, the version: `torch==2.7.0`. Where something else stands between
 * them, as in a lock or a table, only the version: it is what has to change.
 */
export function requirementSpan(one: InstalledPackage, project: Project): Span {
  const { span, versionSpan } = one;
  if (!versionSpan) return span;
  return isJoined(one, versionSpan, project) ? { start: span.start, end: versionSpan.end } : versionSpan;
}

/** The requirement as written, or as `name==version` where its parts stand apart. */
export function requirementText(one: InstalledPackage, project: Project): string {
  const { span, versionSpan, name, version } = one;
  const text = project.tree.textOf(one.file);
  if (text === undefined) return name;
  if (!versionSpan) return text.slice(span.start, span.end);
  if (isJoined(one, versionSpan, project)) return text.slice(span.start, versionSpan.end);
  return version.state === 'known' ? `${name}==${version.value}` : name;
}

/** Nothing but extras and operators is between name and version. */
function isJoined({ file, span }: InstalledPackage, versionSpan: Span, project: Project): boolean {
  const between = project.tree.textOf(file)?.slice(span.end, versionSpan.start) ?? '';
  return (
    versionSpan.start >= span.end &&
    /^\s*(\[[^\]\n]*\])?[\w.\s,<>=!~()]*$/.test(between) &&
    !between.includes('\n') &&
    !/^\s*=\s*$/.test(between)
  );
}

/** Related place: the command that installs the file, when it is another file. */
export function installedBy({
  package: one,
  installation,
}: ServedPackage): readonly { readonly file: string; readonly span: Span; readonly what: string }[] {
  const { document, command } = installation;
  return document.path === one.file
    ? []
    : [{ file: document.path, span: command.actionWord.span, what: 'Installed here' }];
}
