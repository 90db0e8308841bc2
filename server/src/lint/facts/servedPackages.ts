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

/** What serving images install as written in this file, in the order of the file; one entry per place and image. */
export function servedPackagesIn(file: string, project: Project): readonly ServedPackage[] {
  return packagesIn(file, project).filter(
    ({ installation }) => purposeOf(installation.document.dockerfile).purpose === 'serving',
  );
}

/** What any image installs as written in this file. */
export function packagesIn(file: string, project: Project): readonly ServedPackage[] {
  return pythonInstallations(project)
    .flatMap((installation) => installation.packages.map((one) => ({ package: one, installation })))
    .filter((served) => served.package.file === file && !served.package.isPossible);
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

/** `torch==2.7.0`: the name and, where it is pinned, the version behind it. */
export function requirementSpan({ span, versionSpan }: InstalledPackage): Span {
  return { start: span.start, end: Math.max(span.end, versionSpan?.end ?? 0) };
}

/** Text of that span. */
export function requirementText(one: InstalledPackage, project: Project): string {
  const { start, end } = requirementSpan(one);
  return project.tree.textOf(one.file)?.slice(start, end) ?? one.name;
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
