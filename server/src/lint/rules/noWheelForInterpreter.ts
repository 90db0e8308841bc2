import {
  installedBy,
  packagesIn,
  requirementSpan,
  requirementText,
  type ServedPackage,
} from '../facts/servedPackages';
import { defineRule } from '../rule';
import { wheelSupport } from '../wheelSupport';

export const noWheelForInterpreter = defineRule({
  name: 'no-wheel-for-interpreter',
  on: ['requirements', 'pyproject', 'lock', 'dockerfile'],
  concern: 'build',
  severity: 'warning',
  summary: 'A pinned version has no wheel for the Python of the image.',
  why: 'Without a wheel pip compiles the package, which takes minutes to an hour and needs a compiler the image seldom has; without a source archive it stops.',
  next: 'Pin a version that has wheels for this Python, or take the Python it was built for.',
  sources: ['PyPI, files of each version'],
  *check({ file, project }) {
    const told = new Set<number>();
    for (const served of packagesIn(file.path, project)) {
      const gap = missingWheel(served);
      if (!gap || told.has(served.package.span.start)) continue;
      told.add(served.package.span.start);
      yield {
        span: requirementSpan(served.package, project),
        severity: gap.hasSource ? 'warning' : 'error',
        what: gap.hasSource
          ? '{requirement} has no wheel for Python {python}: pip has to compile it'
          : '{requirement} has no wheel for Python {python}, and no source: pip stops',
        with: { requirement: requirementText(served.package, project), python: gap.python },
        related: installedBy(served),
      };
    }
  },
});

function missingWheel({
  package: one,
  installation,
}: ServedPackage): { readonly python: string; readonly hasSource: boolean } | undefined {
  const { python, machine, indexes } = installation;
  if (
    one.origin !== 'index' ||
    one.version.state !== 'known' ||
    python.state !== 'known' ||
    machine.state === 'unknown'
  )
    return undefined;
  // Another index may have wheels that PyPI lacks.
  if (indexes.isUnknown || one.version.value.includes('+')) return undefined;
  const support = wheelSupport(
    one.name,
    one.version.value,
    machine.state === 'known' ? machine.value : 'x86_64',
  );
  if (support.state !== 'known' || support.value.supports(python.value)) return undefined;
  return { python: python.value, hasSource: support.value.hasSource };
}
