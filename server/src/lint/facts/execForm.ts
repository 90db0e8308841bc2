import type { CommandInstruction, Dockerfile } from '../../project/dockerfile/dockerfile';
import type { ShellCommand, ShellScript, ShellWord } from '../../project/shell/shellScript';
import type { SpanEdit } from '../rule';

/** Commands of the shell itself: there is no other process to pass a signal to. */
export const builtins = new Set(
  '. : [ alias cd command echo eval exit export false printf pwd read return set shift source test times trap true type ulimit umask unset wait'.split(
    ' ',
  ),
);

/** The command that the start ends in, when the text is a plain chain of commands up to it; undefined otherwise. */
export function lastOfChain(script: ShellScript, text: string): ShellCommand | undefined {
  const chain = script.commands.filter(({ nested }) => !nested);
  const last = chain.at(-1);
  if (!last || script.syntaxError) return undefined;
  const plain = chain.every(
    ({ connector, conditional, pipesInto }) => connector !== '|' && !conditional && !pipesInto,
  );
  const rest = text.slice(last.span.end - script.span.start);
  return plain && /^[\s;]*$/.test(rest) ? last : undefined;
}

/** Edits that turn one plain command into the JSON form, word by word, so that continued lines stay as they are. */
export function jsonEdits(script: ShellScript): readonly SpanEdit[] | undefined {
  const [command] = script.commands;
  if (!command || script.commands.length !== 1 || script.syntaxError || command.nested || command.pipesInto)
    return undefined;
  if (command.assignments.length > 0 || command.redirections.length > 0 || builtins.has(command.program))
    return undefined;
  const words = [...command.wrappers, command.name, ...command.words];
  if (!words.every(isPlain) || words[0]?.span.start !== command.span.start) return undefined;
  return words.map((word, index) => {
    const text = JSON.stringify(word.value.state === 'known' ? word.value.value : '');
    const open = index === 0 ? '[' : '';
    return { span: word.span, newText: `${open}${text}${index === words.length - 1 ? ']' : ','}` };
  });
}

/** No expansion of any kind: the shell passes exactly the value on. */
function isPlain({ value, variables, hasGlob, hasBraces, raw }: ShellWord): boolean {
  if (value.state !== 'known' || variables.length > 0 || hasGlob || hasBraces) return false;
  return !raw.startsWith('~') && !/[\n*?[]|`|\$\(/.test(raw.replace(/^'[^']*'$|^"[^"`$]*"$/, ''));
}

/** Puts `exec` before a command; `env` too where the command has assignments of its own. */
export function execEdit(command: ShellCommand): SpanEdit {
  const at = command.span.start;
  return { span: { start: at, end: at }, newText: command.assignments.length > 0 ? 'exec env ' : 'exec ' };
}

/**
 * Edits that wrap a shell form's text into `["sh", "-c", "..."]`. Undefined where the text goes over several lines
 * with comments between, which a JSON string cannot hold.
 */
export function wrapEdits(
  dockerfile: Dockerfile,
  { command }: CommandInstruction,
): readonly SpanEdit[] | undefined {
  const { start, end } = command.span;
  const text = dockerfile.source.text.slice(start, end);
  if (/\n/.test(text)) return undefined;
  const edits: SpanEdit[] = [{ span: { start, end: start }, newText: '["sh", "-c", "' }];
  for (const match of text.matchAll(/["\\]/g)) {
    const at = start + match.index;
    edits.push({ span: { start: at, end: at }, newText: '\\' });
  }
  edits.push({ span: { start: end, end }, newText: '"]' });
  return edits;
}
