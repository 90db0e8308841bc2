import type { CopyInstruction, RunInstruction, Stage } from '../../project/dockerfile/dockerfile';
import { literalOf } from '../../project/shell/commandArguments';
import { packageCommand } from '../../project/shell/packageCommand';
import type { ShellCommand } from '../../project/shell/shellScript';
import type { SourceText } from '../../project/sourceText';
import type { HitFix, SpanEdit } from '../rule';
import type { OwnershipChange } from './ownershipChanges';
import { instructionsOf, runsOf } from './stageFacts';
import { absolutePath } from './commandFolders';
import { withoutCommand } from './withoutCommand';

/** Programs that write nothing into the folder they start in. */
const leavesFolderAlone = new Set(
  'useradd adduser groupadd addgroup usermod chown chgrp chmod set true echo mkdir id'.split(' '),
);

/**
 * Moves an owner or a mode into the COPY that brings the files. Undefined unless the change covers what these
 * COPYs bring and nothing that a RUN wrote, the owner exists before them, and a mode is a number. A folder that
 * was there before keeps a change of its own, without its files.
 */
export function copyWithOwner(
  change: OwnershipChange,
  run: RunInstruction,
  copies: readonly CopyInstruction[],
  stage: Stage,
  source: SourceText,
): HitFix | undefined {
  if (change.path.state !== 'known' || change.others > 0 || /[*?[]/.test(change.path.value)) return undefined;
  const folder = change.path.value;
  const value = flagValue(change, copies, stage);
  const flag = change.program === 'chmod' ? 'chmod' : 'chown';
  if (value === undefined || copies.some((copy) => copy.flags.some(({ name }) => name === flag)))
    return undefined;
  if (!copies.every((copy) => stage.instructions.includes(copy))) return undefined;
  if (change.recursive && writtenByRun(folder, change, run, stage, source)) return undefined;
  const rest = keepsOwnChange(folder, change, copies, stage)
    ? change.recursiveFlag && withoutRecursion(change.recursiveFlag, source)
    : withoutCommand(run, change.command, source);
  if (!rest) return undefined;
  const edits = copies.map((copy): SpanEdit => {
    const { end } = copy.keywordSpan;
    return { span: { start: end, end }, newText: ` --${flag}=${value}` };
  });
  return {
    kind: 'derived',
    title: 'Copy with {flag}',
    with: { flag: `--${flag}=${value}` },
    edits: [...edits, rest],
  };
}

/** What `--chown` or `--chmod` has to say for the same result; undefined where COPY cannot say it. */
function flagValue(
  { program, to }: OwnershipChange,
  copies: readonly CopyInstruction[],
  stage: Stage,
): string | undefined {
  const text = to && literalOf(to);
  if (!to || text === undefined || program === 'chgrp') return undefined;
  const readable = copies.every(({ before }) =>
    to.variables.every((name) => before.env.has(name) || before.args.has(name)),
  );
  if (!readable || /["'`\\\s]/.test(to.raw)) return undefined;
  if (program === 'chmod') return /^[0-7]{3,4}$/.test(text) ? to.raw : undefined;
  const parts = /^([\w-]+)(?::([\w-]+))?$/.exec(text);
  if (!parts?.[1]) return undefined;
  const names = [parts[1], parts[2]].filter((name) => name !== undefined && !/^(\d+|root)$/.test(name));
  const first = Math.min(...copies.map(({ span }) => span.start));
  if (names.length > 0 && !createsBefore(stage, first, parts[1])) return undefined;
  // COPY would take the user's number for the group; chown leaves it as it is.
  return parts[2] === undefined ? `${to.raw}:0` : to.raw;
}

/** A RUN before the offset creates the user: COPY looks names up in the image as it is then. */
function createsBefore(stage: Stage, offset: number, user: string): boolean {
  return runsOf(instructionsOf(stage)).some(
    (run) =>
      run.span.end < offset &&
      run.script.commands.some(
        ({ program, words }) =>
          (program === 'useradd' || program === 'adduser') && words.some((word) => literalOf(word) === user),
      ),
  );
}

/** Some RUN may have put files there that no COPY brings. */
function writtenByRun(
  folder: string,
  change: OwnershipChange,
  changingRun: RunInstruction,
  stage: Stage,
  source: SourceText,
): boolean {
  return instructionsOf(stage).some((instruction) => {
    if (instruction.span.start > changingRun.span.start) return false;
    if (instruction.kind !== 'run') {
      const isInner = instruction.keyword === 'WORKDIR' || instruction.keyword === 'VOLUME';
      return isInner && source.slice(instruction.span).includes(`${folder}/`);
    }
    const workdir = instruction.before.workdir;
    const inside = workdir.state !== 'known' || `${workdir.value}/`.startsWith(`${folder}/`);
    if (!inside && !source.slice(instruction.span).includes(folder)) return false;
    const others = instruction.script.commands.filter((command) => command !== change.command);
    return others.some((command) => {
      if (source.slice(command.span).includes(folder)) return true;
      return (
        inside &&
        !(leavesFolderAlone.has(command.program) && !namesFile(command)) &&
        !installsElsewhere(command)
      );
    });
  });
}

/** `mkdir logs`, `chown x data`: relative operands lie in the folder. */
function namesFile({ program, words }: ShellCommand): boolean {
  return program === 'mkdir' && words.some((word) => !/^[-/]/.test(word.raw));
}

function installsElsewhere(command: ShellCommand): boolean {
  const asked = packageCommand(command);
  if (!asked) return command.program === 'rm' && command.words.every((word) => /^[-/]/.test(word.raw));
  const isLocal =
    asked.localSources.length > 0 || asked.options.some(({ name }) => name === '-t' || name === '--target');
  return ['apt', 'apk', 'dnf', 'zypper'].includes(asked.manager) || (asked.manager === 'pip' && !isLocal);
}

/** The folder was there before the COPY (WORKDIR makes it, as root), so its own owner still has to change. */
function keepsOwnChange(
  folder: string,
  change: OwnershipChange,
  copies: readonly CopyInstruction[],
  stage: Stage,
): boolean {
  if (!change.recursive) return false;
  const madeByCopy = copies.some((copy) => {
    const target = copy.destination?.value;
    const path = target?.state === 'known' ? absolutePath(copy.before.workdir, target.value) : undefined;
    return path?.state === 'known' && path.value === folder;
  });
  const madeBefore = instructionsOf(stage).some(({ before }) => {
    return before.workdir.state === 'known' && `${before.workdir.value}/`.startsWith(`${folder}/`);
  });
  return !madeByCopy || madeBefore;
}

function withoutRecursion(
  flag: { readonly span: { start: number; end: number }; readonly raw: string },
  source: SourceText,
): SpanEdit {
  const letters = flag.raw.startsWith('--') ? '' : flag.raw.slice(1).replace('R', '');
  if (letters !== '') return { span: flag.span, newText: `-${letters}` };
  const after = /^[ \t]*/.exec(source.text.slice(flag.span.end))?.[0].length ?? 0;
  return { span: { start: flag.span.start, end: flag.span.end + after }, newText: '' };
}
