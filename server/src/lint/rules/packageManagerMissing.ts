import { packageCommand, type PackageManager } from '../../project/shell/packageCommand';
import { failureStopsBuild } from '../facts/failureStopsBuild';
import { baseOf, instructionsOf, packageCommandsOf, purposeOf, runsOf } from '../facts/stageFacts';
import { defineRule } from '../rule';

/** Managers that belong to systems. yum, dnf and microdnf read as one; which of them an image has is not asked. */
const systemManagers: ReadonlySet<string> = new Set<PackageManager>([
  'apt',
  'apk',
  'dnf',
  'zypper',
  'pacman',
]);

export const packageManagerMissing = defineRule({
  name: 'package-manager-missing',
  on: 'dockerfile',
  concern: 'build',
  severity: 'error',
  summary: 'A RUN calls the package manager of another system than its base image.',
  why: 'The program is not in the image ("not found", exit code 127), and the build stops.',
  next: 'Use {manager}, with the names its packages have there, or start from a base image that has {program}.',
  sources: ['Debian, Ubuntu, Alpine, Red Hat, Amazon and SUSE image documentation'],
  *check({ dockerfile }) {
    if (purposeOf(dockerfile).purpose === 'template') return;
    for (const stage of dockerfile.stages) {
      const base = baseOf(stage);
      if (stage.base.state !== 'known' || base.packageManager.state !== 'known') continue;
      const manager = base.packageManager.value;
      const has = groupOf(manager);
      if (!systemManagers.has(has)) continue;
      const broughtAlong = new Set<string>();
      for (const run of runsOf(instructionsOf(stage))) {
        for (const [at, command] of run.script.commands.entries()) {
          const called = packageCommand(command);
          // `command -v apk` only asks whether it is there.
          if (!called || called.action === 'other' || !systemManagers.has(called.manager)) continue;
          const isOther = called.manager !== has && !broughtAlong.has(called.manager);
          if (isOther && stage.instructions.includes(run) && failureStopsBuild(run, at)) {
            yield {
              span: command.name.span,
              what: '{image} has no {program}: its package manager is {manager}',
              with: { image: stage.base.value.text, program: called.program, manager },
            };
            // One finding tells it for the whole stage.
            broughtAlong.add(called.manager);
          }
        }
        for (const { packages } of packageCommandsOf(run))
          for (const { raw } of packages) broughtAlong.add(groupOf(raw.replace(/^["']|["']$/g, '')));
      }
    }
  },
});

function groupOf(manager: string): string {
  if (manager === 'yum' || manager === 'microdnf') return 'dnf';
  return manager === 'apt-get' ? 'apt' : manager;
}
