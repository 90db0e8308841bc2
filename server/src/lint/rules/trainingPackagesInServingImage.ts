import { byteText } from '../../project/byteText';
import type { Project } from '../../project/project';
import { shippedPython } from '../facts/gpuSignals';
import {
  firstOfEachPlace,
  installedBy,
  requirementSpan,
  requirementText,
  type ServedPackage,
  servedPackagesIn,
} from '../facts/servedPackages';
import { purposeOf } from '../facts/stageFacts';
import { defineRule } from '../rule';
import { modulesOf, surplusPackage } from '../servingSurplus';

/** Kinds that no service needs, whatever its code; the others need the code's word. */
const neverServed = new Set(['notebook', 'test', 'lint', 'docs']);

export const trainingPackagesInServingImage = defineRule({
  name: 'training-packages-in-serving-image',
  on: ['requirements', 'pyproject', 'dockerfile'],
  concern: 'size',
  severity: 'warning',
  summary: 'A serving image installs packages for training, notebooks or tests.',
  why: 'They are pulled with every rollout and widen what an attacker finds, and the service never imports them.',
  next: 'Move them to a requirements file or dependency group of their own that the image does not install.',
  sources: ['PyPI, sizes of the wheels'],
  aboutSize: true,
  *check({ file, project }) {
    for (const served of firstOfEachPlace(servedPackagesIn(file.path, project))) {
      const surplus = served.package.isDirect ? surplusPackage(served.package.name) : undefined;
      if (!surplus || !isUnused(served, surplus.kind, project)) continue;
      const requirement = requirementText(served.package, project);
      yield {
        span: requirementSpan(served.package, project),
        what:
          surplus.bytes === undefined
            ? '{requirement} is not for serving'
            : '{requirement} is not for serving: about {bytes}',
        with: { requirement, ...(surplus.bytes === undefined ? {} : { bytes: byteText(surplus.bytes) }) },
        ...(surplus.bytes === undefined ? {} : { bytes: surplus.bytes }),
        related: installedBy(served),
      };
    }
  },
});

/** No shipped Python file imports it; where the code is unknown only kinds that never serve count. */
function isUnused({ package: one, installation }: ServedPackage, kind: string, project: Project): boolean {
  const { document } = installation;
  // Nothing says what the image is for: it may be the one they work in.
  if (purposeOf(document.dockerfile).confidence === 'guess') return false;
  const stage = document.dockerfile.finalStage;
  const code = stage && shippedPython(stage, document, project);
  if (!code) return neverServed.has(kind);
  const modules = modulesOf(one.name);
  // A file that does not hold the word is not parsed: a large project has thousands.
  return !code.some(
    (file) =>
      modules.some((module) => file.source.text.includes(module)) &&
      file.module.imports.some(({ module }) => modules.includes(module.split('.')[0] ?? '')),
  );
}
