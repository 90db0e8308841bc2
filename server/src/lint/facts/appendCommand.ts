import type { RunInstruction } from '../../project/dockerfile/dockerfile';
import type { SourceText } from '../../project/sourceText';
import type { SpanEdit } from '../rule';
import { stopsAtFailure } from './stopsAtFailure';

/** What may follow the last command of a script without changing how one more command is joined to it. */
const harmlessTail = /^(?:[\s)};]|\bfi\b|\bdone\b|\besac\b)*$/;

/**
 * Adds a command to the end of a RUN in the RUN's own style: after `&&` on the same line or a new one, after `;`
 * where commands are joined so, or on a line of its here-document. Undefined where the end cannot be told for sure
 * (a trailing comment, a command in the background, the JSON form).
 */
export function appendCommand(
  run: RunInstruction,
  source: SourceText,
  escape: '\\' | '`',
  command: string,
): SpanEdit | undefined {
  if (run.form === 'exec' || run.script.syntaxError) return undefined;
  if (run.scriptHeredoc) return appendLine(run, source, command);
  const end = commandLineEnd(run, source);
  const last = Math.max(...run.script.commands.map(({ span }) => Math.min(span.end, end)), 0);
  const tail = source.text.slice(last, end);
  if (last === 0 || !harmlessTail.test(tail)) return undefined;
  const trimmedEnd = last + tail.trimEnd().length;
  const endsOpen = /[^;];$/.test(source.text.slice(run.span.start, trimmedEnd));
  const stops = stopsAtFailure(run);
  // Behind `;` the last command would decide alone whether the build goes on.
  const at = { start: endsOpen && !stops ? trimmedEnd - 1 : trimmedEnd, end: trimmedEnd };
  const lines = source.text.slice(run.span.start, at.start).split(/\r?\n/);
  if (lines.length === 1) return { span: at, newText: endsOpen && stops ? ` ${command}` : ` && ${command}` };
  return { span: at, newText: continued(lines, escape, source.lineEnd, command, stops, endsOpen && stops) };
}

/** The end of the RUN's own line, here-document bodies left out. */
function commandLineEnd(run: RunInstruction, source: SourceText): number {
  const last = run.heredocs.at(-1);
  return last ? source.lineSpan(source.positionAt(last.operatorSpan.end).line).end : run.span.end;
}

function continued(
  lines: readonly string[],
  escape: string,
  lineEnd: string,
  command: string,
  stops: boolean,
  endsOpen: boolean,
): string {
  const leading = lines.findLast((line) => /^\s*&&/.test(line));
  if (endsOpen) return ` ${escape}${lineEnd}${indentOf(lines.at(-1))}${command}`;
  if (leading !== undefined) return ` ${escape}${lineEnd}${indentOf(leading)}&& ${command}`;
  const before = (joint: string): number =>
    lines.findLastIndex(
      (line) => line.trimEnd().endsWith(`${joint} ${escape}`) || line.trimEnd().endsWith(`${joint}${escape}`),
    );
  const afterAnd = before('&&');
  const afterSemicolon = before(';');
  if (stops && afterSemicolon > afterAnd)
    return `; ${escape}${lineEnd}${indentOf(lines[afterSemicolon + 1])}${command}`;
  if (afterAnd !== -1) return ` && ${escape}${lineEnd}${indentOf(lines[afterAnd + 1])}${command}`;
  return ` ${escape}${lineEnd}${indentOf(lines[1])}&& ${command}`;
}

function indentOf(line: string | undefined): string {
  return /^[ \t]*/.exec(line ?? '')?.[0] || '    ';
}

function appendLine(run: RunInstruction, source: SourceText, command: string): SpanEdit | undefined {
  const body = run.scriptHeredoc?.bodySpan;
  if (!body || body.start === body.end) return undefined;
  const lines = source
    .slice(body)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
  const last = lines.at(-1)?.trim() ?? '';
  if (/(\\|&&|\|\||\||&|;)$/.test(last) || last.includes('#') || /^(exit|exec|return)\b/.test(last))
    return undefined;
  const indent = /^[ \t]*/.exec(lines[0] ?? '')?.[0] ?? '';
  const end = body.start + source.slice(body).trimEnd().length;
  const newText = stopsAtFailure(run) ? `${source.lineEnd}${indent}${command}` : ` && ${command}`;
  return { span: { start: end, end }, newText };
}
