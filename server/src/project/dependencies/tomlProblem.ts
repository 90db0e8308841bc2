import { ParseError, parseTOML } from 'toml-eslint-parser';
import type { Message } from '../../protocol/message';
import type { Span } from '../span';
import { shortened } from './shortened';

/** Longer texts get no verdict: the strict parser takes a second for each few megabytes. */
const longestJudged = 1 << 19;

/** The first thing that makes the text no TOML; undefined for valid TOML. */
export function tomlProblem(text: string): { readonly what: Message; readonly span: Span } | undefined {
  if (text.length > longestJudged) return undefined;
  try {
    parseTOML(text);
    return undefined;
  } catch (error) {
    if (!(error instanceof ParseError)) return { what: notToml(''), span: { start: 0, end: 0 } };
    const start = Math.max(0, Math.min(error.index, text.length));
    const lineEnd = text.indexOf('\n', start);
    const rest = text.slice(start, lineEnd === -1 ? text.length : lineEnd).trimEnd();
    return { what: notToml(error.message), span: { start, end: start + rest.length } };
  }
}

function notToml(reason: string): Message {
  return { template: 'This is not valid TOML: {reason}', with: { reason: shortened(reason) } };
}
