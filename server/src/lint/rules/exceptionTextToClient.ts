import type { PythonDocument } from '../../project/project';
import type { PythonHandler, PythonPlace, PythonValue } from '../../project/python/pythonModule';
import type { Span } from '../../project/span';
import { routeHandlers } from '../facts/routeHandlers';
import { defineRule } from '../rule';

/** Types that catch what nobody foresaw; a narrower one may carry a text meant for the client. */
const broad = new Set([
  'Exception',
  'BaseException',
  'RuntimeError',
  'OSError',
  'IOError',
  'EnvironmentError',
]);

export const exceptionTextToClient = defineRule({
  name: 'exception-text-to-client',
  on: 'python',
  concern: 'security',
  severity: 'warning',
  summary: 'A route sends the text of an unforeseen exception to the client.',
  why: 'It can hold paths, addresses, queries or parts of secrets, and tells an attacker what runs inside.',
  next: 'Log the exception, and answer with a fixed text and status 500.',
  sources: ['OWASP, Improper Error Handling', 'CWE-209'],
  *check({ file }) {
    for (const { handler } of routeHandlers(file)) {
      for (const { value, place } of [...handler.returns, ...handler.raises]) {
        const caught = place.handler;
        // Outside of an `except`, or the exception itself raised again: nothing is answered here.
        if (!caught || !value) continue;
        const text = exceptionText(value, caught, file);
        if (!text || isShownOnPurpose(place, file)) continue;
        yield {
          span: text,
          what: '{text} goes to the client: the text of any exception',
          with: { text: file.source.text.slice(text.start, text.end) },
        };
      }
    }
  },
});

/** `if settings.debug:` around the answer. */
function isShownOnPurpose(place: PythonPlace, { source }: PythonDocument): boolean {
  const caught = place.handler;
  return (
    caught !== undefined && /\bdebug\b(?!\s*\()/i.test(source.text.slice(caught.span.start, caught.span.end))
  );
}

/** Where the value shows the exception; a choice between two texts is left to the program. */
function exceptionText(value: PythonValue, caught: PythonHandler, file: PythonDocument): Span | undefined {
  const isBroad = caught.types.length === 0 || caught.types.some((type) => broad.has(type));
  const find = (at: PythonValue, steps: number): Span | undefined => {
    if (steps > 12) return undefined;
    const first = (values: readonly PythonValue[]): Span | undefined => {
      for (const one of values) {
        const found = find(one, steps + 1);
        if (found) return found;
      }
      return undefined;
    };
    switch (at.kind) {
      case 'call': {
        const { callee, arguments: given } = at.call;
        if (callee === 'traceback.format_exc' || callee === 'traceback.format_exception') return at.span;
        const [only] = given;
        if (/^(?:str|repr)$/.test(callee) && only && isException(only.value, caught))
          return isBroad ? at.span : undefined;
        // Only calls that make an answer show their arguments to the client.
        return makesAnswer(callee) ? first(given.map((one) => one.value)) : undefined;
      }
      case 'template': {
        const shown = at.values.find((one) => isException(one, caught));
        return shown && isBroad ? shown.span : first(at.values);
      }
      case 'dictionary':
        return first(at.entries.map((entry) => entry.value));
      case 'list':
        return first(at.items);
      case 'other':
        return first(at.parts.filter((part) => part.kind !== 'name'));
      case 'name': {
        const assigned = file.module.assignments.filter(
          ({ target, place }) => target === at.path && place.handler === caught,
        );
        const [only] = assigned;
        return assigned.length === 1 && only?.value ? find(only.value, steps + 1) : undefined;
      }
      default:
        return undefined;
    }
  };
  return find(value, 0);
}

function isException(value: PythonValue, { name }: PythonHandler): boolean {
  return value.kind === 'name' && name !== undefined && value.path === name;
}

function makesAnswer(callee: string): boolean {
  return /(?:^|\.)(?:HTTPException|\w*Response|jsonify|json_response|make_response|dict)$/.test(callee);
}
