import type { PythonDocument } from '../../project/project';
import type { PythonFunction, PythonSubscript, PythonValue } from '../../project/python/pythonModule';
import type { Span } from '../../project/span';
import { type RouteHandler, routeHandlers } from '../facts/routeHandlers';
import { defineRule } from '../rule';

const withBody = new Set(['POST', 'PUT', 'PATCH']);
const looseTypes = /^(?:dict|typing\.Dict|typing\.Any|typing\.Mapping|typing\.MutableMapping)$/;
/** Calls that show or pass on a body as it is. */
const looksOnly = /(?:^|\.)(?:print|len|str|repr|debug|info|warning|error|dumps|get)$/;

export const unvalidatedRequestBody = defineRule({
  name: 'unvalidated-request-body',
  on: 'python',
  concern: 'serving',
  severity: 'warning',
  summary: 'A route takes fields out of a request body that nothing has checked.',
  why: 'A missing field becomes an error 500, a field of another type or of 100 MB goes into the model.',
  next: 'Describe the body as a Pydantic model with types and length limits, and take that as the parameter.',
  sources: ['FastAPI docs, Request Body', 'OWASP API Security 2023, API4 Unrestricted Resource Consumption'],
  *check({ file }) {
    for (const found of routeHandlers(file)) {
      if (!found.route.methods.some((method) => withBody.has(method))) continue;
      for (const body of looseBodies(found, file)) {
        const field = readField(body.name, found.handler, file);
        if (!field) continue;
        yield {
          span: body.span,
          what: 'Any body is accepted: {field} is read without a check',
          with: { field },
        };
      }
    }
  },
});

interface LooseBody {
  /** Path the fields are read from. */
  readonly name: string;
  readonly span: Span;
}

function* looseBodies({ route, handler }: RouteHandler, { module }: PythonDocument): Generator<LooseBody> {
  if (route.framework === 'fastapi') {
    for (const { name, annotation, default: given, spread } of handler.parameters) {
      const isBody = !given || (given.kind === 'call' && /(?:^|\.)Body$/.test(given.call.callee));
      if (annotation && !spread && isBody && isLoose(annotation, module.subscripts))
        yield { name, span: annotation.span };
    }
  }
  for (const { target, value, place } of module.assignments) {
    if (place.function !== handler || !value || !/^\w+$/.test(target)) continue;
    if (value.kind === 'call' && isBodyCall(value.call.callee, value.call.awaited, handler))
      yield { name: target, span: { start: value.call.span.start, end: value.call.calleeSpan.end } };
    if (value.kind === 'name' && value.path === 'flask.request.json')
      yield { name: target, span: value.span };
  }
}

function isLoose(annotation: PythonValue, subscripts: readonly PythonSubscript[]): boolean {
  if (annotation.kind === 'name') return looseTypes.test(annotation.path);
  const { start, end } = annotation.span;
  const generic = subscripts.find(({ span }) => span.start === start && span.end === end);
  return generic !== undefined && looseTypes.test(generic.of);
}

/** `await request.json()` of Starlette and its kind, `request.get_json()` of Flask and Quart. */
function isBodyCall(callee: string, awaited: boolean, handler: PythonFunction): boolean {
  if (/^(?:flask|quart)\.request\.get_json$/.test(callee)) return true;
  const owner = /^(\w+)\.json$/.exec(callee)?.[1];
  const parameter = handler.parameters.find(({ name }) => name === owner);
  return (
    awaited && parameter?.annotation?.kind === 'name' && /(?:^|\.)Request$/.test(parameter.annotation.path)
  );
}

/**
 * A field the handler takes as given. Undefined where something in it may check: the body handed on whole, a test
 * for keys or types, or, with `get`, any branch or error of its own.
 */
function readField(name: string, handler: PythonFunction, file: PythonDocument): string | undefined {
  const { module, source } = file;
  const text = source.text.slice(handler.span.start, handler.span.end);
  if (
    new RegExp(
      `\\bin\\s+${name}\\b|\\bisinstance\\s*\\(|\\b${name}\\s*\\.\\s*(?:keys|items)\\b|\\bKeyError\\b`,
    ).test(text)
  )
    return undefined;
  const calls = module.calls.filter(({ place }) => place.function === handler);
  const handedOn = calls.some(
    (call) => !looksOnly.test(call.callee) && call.arguments.some(({ value }) => holds(value, name)),
  );
  if (handedOn || handler.returns.some(({ value }) => value?.kind === 'name' && value.path === name))
    return undefined;
  const read = module.subscripts.find(
    ({ of, isWritten, index, place }) =>
      of === name && !isWritten && index.kind === 'text' && place.function === handler,
  );
  if (read) return source.text.slice(read.span.start, read.span.end);
  const checks = handler.raises.length > 0 || handler.returns.some(({ place }) => place.conditional);
  const got = checks ? undefined : calls.find(({ callee }) => callee === `${name}.get`);
  return got && source.text.slice(got.span.start, got.span.end);
}

function holds(value: PythonValue, name: string): boolean {
  if (value.kind === 'name') return value.path === name;
  if (value.kind === 'list') return value.items.some((item) => holds(item, name));
  return value.kind === 'dictionary' && value.entries.some((entry) => holds(entry.value, name));
}
