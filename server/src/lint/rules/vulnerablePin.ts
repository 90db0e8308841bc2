import {
  firstOfEachPlace,
  installedBy,
  requirementSpan,
  requirementText,
  servedPackagesIn,
} from '../facts/servedPackages';
import { defineRule } from '../rule';
import { vulnerabilityOf } from '../vulnerability';

export const vulnerablePin = defineRule({
  name: 'vulnerable-pin',
  on: ['requirements', 'pyproject', 'lock', 'dockerfile'],
  concern: 'security',
  severity: 'warning',
  summary: 'A serving image installs a version with a known vulnerability.',
  why: 'The versions are public, and so are the ways to attack them: a service that loads models and takes requests is what these attacks are for.',
  next: 'Pin {fixed} or newer, and run the tests of the service with it.',
  sources: ['CVE records and the GitHub advisory database, as each row of the table says'],
  *check({ file, project }) {
    for (const served of firstOfEachPlace(servedPackagesIn(file.path, project))) {
      const { name, version } = served.package;
      const found = version.state === 'known' ? vulnerabilityOf(name, version.value) : undefined;
      if (!found) continue;
      yield {
        span: requirementSpan(served.package, project),
        severity: found.severity === 'critical' || found.severity === 'high' ? 'warning' : 'info',
        what: '{requirement} has {id}: {effect}; fixed in {fixed}',
        with: {
          requirement: requirementText(served.package, project),
          id: found.id,
          effect: found.effect,
          fixed: found.fixed,
        },
        related: installedBy(served),
      };
    }
  },
});
