import { absent } from '../answer';
import type { Flag } from './dockerfile';
import type { VariableLookup } from './expandVariables';
import { unquote } from './splitWords';

/** Reads the leading `--name=value` words of a logical line; `rest` is the offset where the arguments begin. */
export function readFlags(
  line: string,
  offset: number,
  lookup: VariableLookup,
  escape: '\\' | '`',
): { readonly flags: readonly Flag[]; readonly rest: number } {
  const flags: Flag[] = [];
  const pattern = /\s*(--[a-z][\w-]*)(=(?:"[^"]*"|'[^']*'|[^\s"'])*)?(?=\s|$)/y;
  for (;;) {
    const at = pattern.lastIndex;
    const match = pattern.exec(line);
    if (!match?.[1]) {
      return { flags, rest: offset + at };
    }
    const end = offset + pattern.lastIndex;
    const raw = match[2]?.slice(1);
    flags.push({
      name: match[1].slice(2),
      span: { start: end - match[1].length - (match[2]?.length ?? 0), end },
      value: raw === undefined ? absent : unquote(raw, lookup, escape),
      valueSpan: raw === undefined ? undefined : { start: end - raw.length, end },
    });
  }
}
