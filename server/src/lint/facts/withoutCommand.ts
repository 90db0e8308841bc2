import type { RunInstruction } from '../../project/dockerfile/dockerfile';
import type { ShellCommand } from '../../project/shell/shellScript';
import type { SourceText } from '../../project/sourceText';
import type { SpanEdit } from '../rule';
import { wholeLines } from './wholeLines';

/** What may stand between two commands that are plainly joined. */
const joint = /^[\s\\`]*(?:&&|;)?[\s\\`]*$/;

/**
 * Takes one command out of a RUN, the whole RUN when it was the only one. Undefined where the command is tied to
 * others: in a pipe, a condition, a subshell, or with a comment between.
 */
export function withoutCommand(
  run: RunInstruction,
  command: ShellCommand,
  source: SourceText,
): SpanEdit | undefined {
  const { commands } = run.script;
  if (command.nested || command.conditional || command.pipesInto || command.connector === '|')
    return undefined;
  if (commands.length === 1 && run.heredocs.length === 0)
    return { span: wholeLines(run, source), newText: '' };
  if (run.form === 'exec') return undefined;
  const at = commands.indexOf(command);
  const [before, after] = [commands[at - 1], commands[at + 1]];
  if (before && !before.nested) {
    const span = { start: before.span.end, end: command.span.end };
    if (!joint.test(source.text.slice(span.start, command.span.start))) return undefined;
    if (after?.connector === '|' || after?.connector === '||') return undefined;
    return { span, newText: '' };
  }
  if (!after || after.nested || before) return undefined;
  const span = { start: command.span.start, end: after.span.start };
  const isPlain = joint.test(source.text.slice(command.span.end, span.end)) && after.connector !== '||';
  return isPlain ? { span, newText: '' } : undefined;
}
