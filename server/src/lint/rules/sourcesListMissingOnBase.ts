import type { Instruction, RunInstruction } from '../../project/dockerfile/dockerfile';
import { literalOf } from '../../project/shell/commandArguments';
import type { ShellCommand, ShellWord } from '../../project/shell/shellScript';
import type { SourceText } from '../../project/sourceText';
import { stopsAtFailure } from '../facts/stopsAtFailure';
import { baseOf, instructionsOf, purposeOf, runsOf } from '../facts/stageFacts';
import { defineRule, type HitFix } from '../rule';

const list = '/etc/apt/sources.list';

/** Programs that fail on a file that is not there. */
const readers = new Set(['sed', 'cp', 'mv', 'cat', 'grep', 'awk', 'perl']);

/** A sed expression about the host of the archive means the same in both formats of the list. */
const aboutHost = /(debian|ubuntu)[\w.\\-]*(org|com)/;
const aboutLines = /(^|[^[])\^|\bdeb(-src)?[ \\[]|\bmain\b|\/d['"]?$/;

export const sourcesListMissingOnBase = defineRule({
  name: 'sources-list-missing-on-base',
  on: 'dockerfile',
  concern: 'build',
  severity: 'warning',
  summary: 'A RUN edits /etc/apt/sources.list on a base image that no longer has it.',
  why: 'Images of Debian 12 and later, and of Ubuntu 24.04 and later, keep their archives in /etc/apt/sources.list.d. On Debian the file is absent, so sed fails; on Ubuntu it holds a comment, so nothing changes.',
  next: 'Edit {path} instead: it names the same archives, one URIs line each.',
  sources: [
    'Debian wiki, SourcesList, Deb822 format in container images',
    'Ubuntu 24.04 release notes, Deb822 sources',
    'docker-library/php issue 1439',
  ],
  fixKind: 'safe',
  *check({ dockerfile }) {
    if (purposeOf(dockerfile).purpose === 'template') return;
    const { source } = dockerfile;
    for (const stage of dockerfile.stages) {
      const base = baseOf(stage);
      if (stage.base.state !== 'known' || base.family.state !== 'known') continue;
      const family = base.family.value;
      if (family !== 'debian' && family !== 'ubuntu') continue;
      const isStub = base.sourcesList.state === 'known' && base.sourcesList.value === 'stub';
      if (!isStub && base.sourcesList.state !== 'absent') continue;
      const madeAt = instructionsOf(stage).find((instruction) => bringsList(instruction, source))?.span.start;
      for (const run of runsOf(stage.instructions)) {
        if (madeAt !== undefined && madeAt < run.span.start) break;
        for (const [at, command] of run.script.commands.entries()) {
          if (writesList(command)) break;
          const word = readWord(command);
          if (!word || isGuarded(run, at) || (isStub && !editsInPlace(command))) continue;
          const release = base.releaseVersion.state === 'known' ? base.releaseVersion.value : '';
          const path = `/etc/apt/sources.list.d/${family}.sources`;
          const stops = !isStub && failureStopsBuild(run, at);
          const fix = fixFor(command, word, path, source);
          yield {
            span: word.span,
            severity: stops ? 'error' : 'warning',
            what: isStub
              ? '/etc/apt/sources.list of {image} holds no archive ({system}): {command} changes nothing'
              : stops
                ? '{image} has no /etc/apt/sources.list ({system}): {command} stops the build'
                : '{image} has no /etc/apt/sources.list ({system}): {command} fails and changes nothing',
            with: {
              image: stage.base.value.text,
              system: `${family === 'debian' ? 'Debian' : 'Ubuntu'} ${release}`.trim(),
              command: command.program,
              path,
            },
            ...(fix ? { fix } : {}),
          };
        }
      }
    }
  },
});

/** The word by which a command reads the list: an operand of sed, the source of cp. */
function readWord(command: ShellCommand): ShellWord | undefined {
  if (!readers.has(command.program)) return undefined;
  const words = command.words.filter((word) => !word.raw.startsWith('-'));
  const isCopy = command.program === 'cp' || command.program === 'mv';
  return (isCopy ? words.slice(0, -1) : words).find((word) => literalOf(word) === list);
}

function editsInPlace({ program, words }: ShellCommand): boolean {
  return program === 'sed' && words.some((word) => /^(-[a-zA-Z]*i|--in-place)/.test(word.raw));
}

/** Under a condition, after a test of the file, or with its failure allowed. */
function isGuarded({ script }: RunInstruction, at: number): boolean {
  const { commands } = script;
  const command = commands[at];
  if (!command || command.conditional || command.pipesInto) return true;
  const later = commands.slice(at + 1).filter(({ statement }) => statement === command.statement);
  if (later.some(({ connector }) => connector === '||')) return true;
  return commands
    .slice(0, at)
    .some(
      ({ program, words, statement }) =>
        statement === command.statement &&
        /^(\[|\[\[|test|ls|stat)$/.test(program) &&
        words.some((word) => word.raw.includes('sources.list')),
    );
}

/** `> list`, `>> list`, `tee list`, `cp x list`, `touch list`: from here on the file is there. */
function writesList({ program, words, redirections }: ShellCommand): boolean {
  if (
    redirections.some(
      ({ operator, target }) => operator.includes('>') && target && literalOf(target) === list,
    )
  )
    return true;
  const operands = words.filter((word) => !word.raw.startsWith('-'));
  if (program === 'tee' || program === 'touch') return operands.some((word) => literalOf(word) === list);
  const last = operands.at(-1);
  return (
    /^(cp|mv|ln|install)$/.test(program) &&
    operands.length > 1 &&
    last !== undefined &&
    literalOf(last) === list
  );
}

/** Brings the list along, or writes it. */
function bringsList(instruction: Instruction, source: SourceText): boolean {
  if (instruction.kind === 'run') return instruction.script.commands.some(writesList);
  return instruction.kind === 'copy' && /\/etc\/apt(\/|\s|$)/.test(source.slice(instruction.span));
}

function failureStopsBuild(run: RunInstruction, at: number): boolean {
  if (stopsAtFailure(run)) return true;
  const { commands } = run.script;
  const later = commands.slice(at + 1);
  return later.every(({ statement }) => statement === commands[at]?.statement);
}

function fixFor(
  command: ShellCommand,
  word: ShellWord,
  path: string,
  source: SourceText,
): HitFix | undefined {
  if (!editsInPlace(command)) return undefined;
  const operands = command.words.filter((other) => !other.raw.startsWith('-'));
  const expressions = command.words.filter((other) => other !== word && !isPath(other));
  const text = expressions.map((expression) => expression.raw).join(' ');
  if (!aboutHost.test(text) || aboutLines.test(text)) return undefined;
  const fixed = { kind: 'safe', title: 'Edit {path} instead', with: { path } } as const;
  if (operands.some((other) => literalOf(other) === path || other.raw.includes('sources.list.d'))) {
    const blank = /^[ \t]*/.exec(source.text.slice(word.span.end))?.[0].length ?? 0;
    return {
      ...fixed,
      edits: [{ span: { start: word.span.start, end: word.span.end + blank }, newText: '' }],
    };
  }
  return { ...fixed, edits: [{ span: word.span, newText: word.raw.replace(list, path) }] };
}

function isPath(word: ShellWord): boolean {
  return word.raw.replace(/["']/g, '').startsWith('/etc/');
}
