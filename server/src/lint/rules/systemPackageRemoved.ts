import type { Stage } from '../../project/dockerfile/dockerfile';
import { literalOf } from '../../project/shell/commandArguments';
import type { SourceText } from '../../project/sourceText';
import { baseOf, packageCommandsOf, runsOf } from '../facts/stageFacts';
import { removedPackage } from '../removedPackage';
import { defineRule } from '../rule';

/** Text by which a stage adds packages of another release or vendor. */
const otherSources =
  /buster|bullseye|bookworm|trixie|\bsid\b|backports|snapshot\.debian\.org|add-apt-repository|extrepo|\bdeb\s+(\[|http)/;

export const systemPackageRemoved = defineRule({
  name: 'system-package-removed',
  on: 'dockerfile',
  concern: 'build',
  severity: 'error',
  summary: 'A RUN asks apt for a package that the Debian release of its base does not have.',
  why: 'Tags such as python:3.12-slim move on to the next Debian, and packages are renamed or dropped on the way: apt says "Unable to locate package" or "has no installation candidate", and the build stops.',
  next: 'Install the package that took its place, or name the Debian release in the tag of the base image.',
  sources: ['Debian, Packages indices of each release'],
  fixKind: 'derived',
  *check({ dockerfile }) {
    for (const stage of dockerfile.stages) {
      const { family, releaseVersion } = baseOf(stage);
      if (family.state !== 'known' || family.value !== 'debian' || releaseVersion.state !== 'known') continue;
      if (addsSources(stage, dockerfile.source)) continue;
      for (const run of runsOf(stage.instructions)) {
        for (const command of packageCommandsOf(run)) {
          if (command.manager !== 'apt' || command.action !== 'install' || command.command.conditional)
            continue;
          for (const word of command.packages) {
            const name = literalOf(word)?.replace(/[=:/].*$/, '');
            const removed = name === undefined ? undefined : removedPackage(name, releaseVersion.value);
            if (!removed || name === undefined) continue;
            const { instead } = removed;
            yield {
              span: word.span,
              what:
                instead === undefined
                  ? 'Debian {release} has no package {name}'
                  : 'Debian {release} has no package {name}; {instead} takes its place',
              with: { release: releaseVersion.value, name, instead: instead ?? '' },
              ...(instead === undefined || word.raw !== name
                ? {}
                : {
                    fix: {
                      kind: 'derived' as const,
                      title: 'Install {instead}',
                      with: { instead },
                      edits: [{ span: word.span, newText: instead }],
                    },
                  }),
            };
          }
        }
      }
    }
  },
});

/** Another release or repository is written down in the stage: what it has, nobody knows. */
function addsSources(stage: Stage, source: SourceText): boolean {
  return stage.instructions.some(
    (instruction) =>
      (instruction.kind === 'run' && otherSources.test(source.slice(instruction.span))) ||
      (instruction.kind === 'copy' && /\/etc\/apt/.test(source.slice(instruction.span))),
  );
}
