import type { Span } from '../span';
import { known } from '../answer';
import type { Word } from './word';

/**
 * The JSON form of CMD, ENTRYPOINT, RUN, SHELL, COPY, ADD and VOLUME: an array of strings. Undefined when the text
 * is not exactly that, in which case the engine takes it for the shell form. Variables are not expanded in it.
 */
export function readJsonForm(line: string, offset: number): readonly Word[] | undefined {
  const trimmed = line.trim();
  if (!trimmed.startsWith('[') || !trimmed.endsWith(']')) return undefined;
  let values: unknown;
  try {
    values = JSON.parse(trimmed);
  } catch {
    return undefined;
  }
  if (!Array.isArray(values) || !values.every((value) => typeof value === 'string')) return undefined;
  const strings: readonly Span[] = [...line.matchAll(/"(?:[^"\\]|\\.)*"/g)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }));
  if (strings.length !== values.length) return undefined;
  return strings.map((span, index) => ({
    span: { start: offset + span.start, end: offset + span.end },
    raw: line.slice(span.start, span.end),
    value: known(String(values[index])),
  }));
}
