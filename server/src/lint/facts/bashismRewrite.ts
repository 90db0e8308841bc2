import { literalOf } from '../../project/shell/commandArguments';
import type { Bashism, ShellCommand, ShellScript, ShellWord } from '../../project/shell/shellScript';
import type { FixKind } from '../../protocol/finding';
import type { SpanEdit } from '../rule';
import { expandedBraces } from './expandedBraces';

export interface Rewrite {
  readonly kind: FixKind;
  readonly edits: readonly SpanEdit[];
}

/** The same in a POSIX shell's words, for the bashisms that have one. */
export function bashismRewrite({ kind, span }: Bashism, script: ShellScript): Rewrite | undefined {
  const command = commandAt(script, span);
  switch (kind) {
    case 'source': {
      // `.` takes no other path than bash, but a name without a slash is looked up differently, and other files may be bash.
      const file = literalOf(command?.words[0] as ShellWord) ?? '';
      const isPosix = /\/(?:activate|env|\.env|conda\.sh|nvm\.sh)$/.test(file);
      return isPosix ? { kind: 'safe', edits: [{ span, newText: '.' }] } : undefined;
    }
    case 'and-redirect': {
      const redirection = command?.redirections.find(
        (candidate) => candidate.span.start <= span.start && span.end <= candidate.span.end,
      );
      const end = redirection?.target?.span.end;
      if (!redirection || end === undefined) return undefined;
      const operator = redirection.operator === '&>>' ? '>>' : '>';
      return {
        kind: 'safe',
        edits: [
          { span, newText: operator },
          { span: { start: end, end }, newText: ' 2>&1' },
        ],
      };
    }
    case 'double-equals':
      return { kind: 'safe', edits: [{ span, newText: '=' }] };
    case 'brace-expansion': {
      const word = command && wordAt(command, span);
      const words = word && expandedBraces(word.raw);
      if (!word || !words || words.some((path) => /^\/(?:\w*|var\/lib\/dpkg\/?)$/.test(path)))
        return undefined;
      return { kind: 'derived', edits: [{ span: word.span, newText: words.join(' ') }] };
    }
    case 'echo-e': {
      const [, text, ...more] = command?.words ?? [];
      const at = command?.name.span;
      if (!at || !text || more.length > 0 || literalOf(command.words[0] as ShellWord) !== '-e')
        return undefined;
      return {
        kind: 'safe',
        edits: [{ span: { start: at.start, end: span.end }, newText: "printf '%b\\n'" }],
      };
    }
    default:
      return undefined;
  }
}

/** Braces that, once a shell expands them, remove what the system lives on: TGI's trtllm image has such a line. */
export function hidesHarm({ kind, span }: Bashism, script: ShellScript): boolean {
  if (kind !== 'brace-expansion') return false;
  const command = commandAt(script, span);
  const word = command && wordAt(command, span);
  const vital = /^\/(?:[a-z]*|usr\/(?:bin|lib|local)|var\/lib\/(?:dpkg|apk|rpm))\/?$/;
  return (
    command?.program === 'rm' && (expandedBraces(word?.raw ?? '') ?? []).some((path) => vital.test(path))
  );
}

/** The innermost command a place stands in. */
export function commandAt({ commands }: ShellScript, span: Bashism['span']): ShellCommand | undefined {
  return commands.findLast((command) => command.span.start <= span.start && span.end <= command.span.end);
}

function wordAt(command: ShellCommand, span: Bashism['span']): ShellWord | undefined {
  return [command.name, ...command.words].find(
    (word) => word.span.start <= span.start && span.end <= word.span.end,
  );
}
