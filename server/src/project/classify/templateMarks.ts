import type { Span } from '../span';

/** A line that a template engine removes or that only becomes an instruction when it is filled in. */
const marks = [
  /^[ \t]*\{%/m,
  /^[ \t]*\{\{/m,
  /^[ \t]*<%/m,
  /^[ \t]*@@[A-Z_]+@@/m,
  /^[ \t]*FROM[ \t]+(?:--platform=\S+[ \t]+)?[^\s#]*(?:\{\{|<%|\{%|@[A-Z][A-Z_]*@)/im,
  /^[ \t]*(?:ENV|ARG|COPY|ADD|WORKDIR|USER|EXPOSE|LABEL|CMD|ENTRYPOINT)\b[^\n]*(?:\{\{[ \t]*[\w.#/-]|\{%|<%=)/im,
];

/**
 * Where text gives itself away as a template (Jinja, Go, Mustache, ERB); undefined when it does not. `{{` inside
 * RUN is no mark: `docker inspect --format '{{.Id}}'` and its like are ordinary commands.
 */
export function templateMark(text: string): Span | undefined {
  for (const mark of marks) {
    const match = mark.exec(text);
    if (match) return { start: match.index, end: match.index + match[0].length };
  }
  return undefined;
}
