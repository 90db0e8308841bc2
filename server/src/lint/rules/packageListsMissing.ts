import type { RunInstruction, Stage } from '../../project/dockerfile/dockerfile';
import type { SourceText } from '../../project/sourceText';
import { literalOf } from '../../project/shell/commandArguments';
import { type PackageCommand, packageCommand } from '../../project/shell/packageCommand';
import type { ShellCommand } from '../../project/shell/shellScript';
import { appendCommand } from '../facts/appendCommand';
import { failureStopsBuild } from '../facts/failureStopsBuild';
import { baseOf, instructionsOf, purposeOf, runsOf } from '../facts/stageFacts';
import { defineRule, type HitFix } from '../rule';

/** Published without package lists and with few packages: what is installed already needs no lists. */
const smallBases = /^(?:debian|ubuntu|nvidia\/cuda)$/;
const smallVariants = /^(?:python|node)$/;
/** Brought by some of these. */
const present = new Set([
  'ca-certificates',
  'netbase',
  'tzdata',
  'bash',
  'tar',
  'gzip',
  'openssl',
  'gnupg',
  'gnupg2',
]);

/** Commands that neither fetch package lists nor run what may fetch them. */
const harmless = new Set(
  (
    'apt apt-get apt-cache apt-key apt-mark dpkg echo printf cd mkdir rm cp mv ln touch chmod chown chgrp cat sed awk grep tee tar unzip gunzip ' +
    'curl wget gpg export set true : test [ ls find ldconfig locale-gen update-alternatives useradd adduser groupadd addgroup usermod ' +
    'pip pip3 uv git sleep env date rmdir sha256sum dpkg-reconfigure update-ca-certificates'
  ).split(' '),
);

type Lists = 'missing' | 'there' | 'unknown';

export const packageListsMissing = defineRule({
  name: 'package-lists-missing',
  on: 'dockerfile',
  concern: 'build',
  severity: 'error',
  summary: 'A RUN installs apt packages where no package lists are.',
  why: 'Base images are published without package lists, and an earlier rm -rf /var/lib/apt/lists/* takes them out again: apt finds no package ("Unable to locate package"), and the build stops.',
  next: 'Run apt-get update in the same RUN, before the install.',
  sources: [
    'docker-library, Dockerfiles of debian, ubuntu and python',
    'Docker docs, Building best practices, apt-get',
  ],
  fixKind: 'derived',
  *check({ dockerfile }) {
    if (purposeOf(dockerfile).purpose === 'template') return;
    for (const stage of dockerfile.stages) {
      let lists = listsAtStart(stage);
      const isSmall = lists === 'missing';
      const installed = new Set(present);
      for (const run of runsOf(instructionsOf(stage))) {
        if (run.script.syntaxError || run.form === 'exec' || mountsApt(run)) lists = 'unknown';
        for (const [at, command] of run.script.commands.entries()) {
          const apt = aptCommand(command);
          const own = stage.instructions.includes(run);
          if (
            apt &&
            isSmall &&
            lists === 'missing' &&
            own &&
            needsLists(apt, installed) &&
            failureStopsBuild(run, at)
          ) {
            const fix = fixFor(run, apt, dockerfile.source, dockerfile.escape);
            yield {
              span: { start: command.name.span.start, end: apt.actionWord.span.end },
              what: '{command} finds no package: no package lists are here',
              with: { command: `${apt.program} ${apt.actionWord.raw}` },
              ...(fix ? { fix } : {}),
            };
            // One finding tells it; what follows stands or falls with the same update.
            lists = 'unknown';
          }
          if (apt?.action === 'install')
            for (const word of apt.packages) installed.add(literalOf(word) ?? '');
          lists = listsAfter(lists, command, apt);
        }
      }
    }
  },
});

function listsAtStart(stage: Stage): Lists {
  const { name, tag } = baseOf(stage);
  if (name.state !== 'known' || tag.state !== 'known') return 'unknown';
  const isSmall =
    smallBases.test(name.value) || (smallVariants.test(name.value) && tag.value.includes('slim'));
  return isSmall ? 'missing' : 'unknown';
}

function aptCommand(command: ShellCommand): PackageCommand | undefined {
  const found = packageCommand(command);
  return found?.manager === 'apt' ? found : undefined;
}

/** A package named by its name that was not installed before: files (`./x.deb`) need no lists. */
function needsLists({ action, packages }: PackageCommand, installed: ReadonlySet<string>): boolean {
  const names = packages.map(literalOf);
  return (
    action === 'install' &&
    names.length > 0 &&
    names.every(
      (name) => name !== undefined && !name.includes('/') && !name.endsWith('.deb') && !installed.has(name),
    )
  );
}

function listsAfter(before: Lists, command: ShellCommand, apt: PackageCommand | undefined): Lists {
  if (apt?.action === 'update') return command.conditional ? 'unknown' : 'there';
  if (apt?.actionWord.raw.includes('clean') && apt.actionWord.raw.startsWith('dist')) return 'unknown';
  if (command.program === 'rm' && command.words.some(({ raw }) => raw.includes('/var/lib'))) {
    const whole = command.words.some(({ raw }) => /^["']?\/var\/lib\/apt\/lists(\/?\*?)?["']?$/.test(raw));
    return whole && !command.conditional ? 'missing' : 'unknown';
  }
  // What it is given to run may fetch the lists; curl's text may go to a shell, which is a command of its own.
  return before === 'missing' && !harmless.has(command.program) ? 'unknown' : before;
}

function mountsApt({ mounts }: RunInstruction): boolean {
  return mounts.some(({ options }) => /^\/var(\/lib(\/apt(\/.*)?)?)?$/.test(options.get('target') ?? ''));
}

function fixFor(
  run: RunInstruction,
  { command, program }: PackageCommand,
  source: SourceText,
  escape: '\\' | '`',
): HitFix | undefined {
  if (command.wrappers.length > 0 || run.scriptHeredoc) return undefined;
  const { start } = command.span;
  const update = { span: { start, end: start }, newText: `${program} update && ` };
  const removed = run.script.commands.some(
    ({ program: name, words }) =>
      name === 'rm' && words.some(({ raw }) => raw.includes('/var/lib/apt/lists')),
  );
  const clean = removed ? undefined : appendCommand(run, source, escape, 'rm -rf /var/lib/apt/lists/*');
  if (!removed && !clean) return undefined;
  return {
    kind: 'derived',
    title: 'Run {update} first',
    with: { update: `${program} update` },
    edits: clean ? [update, clean] : [update],
  };
}
