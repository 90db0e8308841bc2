import type { RunInstruction } from '../../project/dockerfile/dockerfile';
import { isPosixLike } from '../../project/dockerfile/interpreter';
import { literalOf } from '../../project/shell/commandArguments';
import { noVariables, parseShell } from '../../project/shell/parseShell';
import type { ShellCommand, ShellScript } from '../../project/shell/shellScript';
import type { SourceText } from '../../project/sourceText';
import type { Span } from '../../project/span';
import { purposeOf, runsOf } from '../facts/stageFacts';
import { defineRule } from '../rule';

/** Commands that do not fail, or whose failure nobody minds. */
const harmless = new Set(
  ': alias declare echo export false local printf readonly set shopt true umask unset'.split(' '),
);

export const heredocWithoutErrexit = defineRule({
  name: 'heredoc-without-errexit',
  on: 'dockerfile',
  concern: 'build',
  severity: 'warning',
  summary: 'A here-document of several commands runs without set -e.',
  why: 'Only the last line decides whether the RUN succeeds. When an earlier one fails, the build goes on and the image lacks what that line should have made.',
  next: 'Begin the here-document with set -e.',
  sources: ['Dockerfile reference, Here-Documents', 'POSIX.1-2024, set -e'],
  fixKind: 'safe',
  *check({ dockerfile }) {
    if (purposeOf(dockerfile).purpose === 'template') return;
    const { source } = dockerfile;
    for (const run of runsOf(dockerfile.instructions)) {
      for (const { operator, body, script } of scriptsOf(run, source)) {
        if (!goesOnAfterFailure(script, source.slice(body))) continue;
        const at = firstLine(source, body);
        const indent = /^[ \t]*/.exec(source.text.slice(at, body.end))?.[0] ?? '';
        yield {
          span: operator,
          what: 'Without set -e the build goes on when a line before the last one fails',
          fix: {
            kind: 'safe',
            title: 'Begin with set -e',
            edits: [{ span: { start: at, end: at }, newText: `${indent}set -e${source.lineEnd}` }],
          },
        };
      }
    }
  },
});

interface HeredocScript {
  readonly operator: Span;
  readonly body: Span;
  readonly script: ShellScript;
}

/** The here-documents of a RUN that a shell runs without -e: as the RUN's own script, or as what `bash` reads. */
function* scriptsOf(run: RunInstruction, source: SourceText): Iterable<HeredocScript> {
  const own = run.scriptHeredoc;
  if (own) {
    const shebang = /^\s*#!.*/.exec(source.slice(own.bodySpan))?.[0];
    const shell = run.before.shell.state === 'known' ? run.before.shell.value : [];
    const options = shebang === undefined ? shell.slice(1) : shebang.split(/\s+/);
    const readable = run.interpreter.state === 'known' && isPosixLike(run.interpreter.value);
    if (readable && !setsErrexit(options))
      yield { operator: own.operatorSpan, body: own.bodySpan, script: run.script };
    return;
  }
  for (const command of run.script.commands) {
    if (!isPosixLike(command.program) || !readsInput(command)) continue;
    const options = command.words.map((word) => literalOf(word) ?? '');
    const redirection = command.redirections.find(({ bodySpan }) => bodySpan);
    const heredoc = run.heredocs.find(({ bodySpan }) => bodySpan.start === redirection?.bodySpan?.start);
    if (!redirection?.bodySpan || !heredoc || setsErrexit(options)) continue;
    const body = heredoc.bodySpan;
    yield {
      operator: heredoc.operatorSpan,
      body,
      script: parseShell(source.slice(body), body.start, noVariables),
    };
  }
}

/** `bash`, `bash -x`, `bash -s arg`, not `bash script.sh` or `bash -c text`. */
function readsInput({ words }: ShellCommand): boolean {
  const texts = words.map((word) => literalOf(word) ?? '');
  return texts.includes('-s') || texts.every((text) => /^-[a-z]*$/.test(text) && !/c/.test(text));
}

function setsErrexit(options: readonly string[]): boolean {
  return options.some(
    (option, index) =>
      /^-[a-z]*e[a-z]*$/.test(option) ||
      (option === 'errexit' && /^-[a-z]*o$/.test(options[index - 1] ?? '')),
  );
}

function goesOnAfterFailure(script: ShellScript, text: string): boolean {
  if (script.statements < 2 || /\btrap\b.*\bERR\b/.test(text)) return false;
  const until = Math.min(script.errexitFrom ?? Infinity, script.statements - 1);
  for (let statement = 0; statement < until; statement++) {
    const commands = script.commands.filter((command) => command.statement === statement);
    const guarded = commands.some(({ connector }) => connector === '||');
    if (!guarded && commands.some(({ program }) => !harmless.has(program))) return true;
  }
  return false;
}

/** Where the first line of commands begins: after a shebang. */
function firstLine(source: SourceText, body: Span): number {
  const start = source.lineSpan(source.positionAt(body.start).line).start;
  const shebang = /^[ \t]*#![^\n]*\n/.exec(source.text.slice(start, body.end))?.[0] ?? '';
  return start + shebang.length;
}
