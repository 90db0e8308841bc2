import type { PythonDocument } from '../../project/project';
import { argument, hasSpread } from '../../project/python/pythonAnswers';
import type { PythonCall, PythonFunction, PythonPlace, PythonValue } from '../../project/python/pythonModule';
import { returnedValues } from '../../project/python/webRoutes';
import type { Span } from '../../project/span';
import { type RouteHandler, routeHandlers } from '../facts/routeHandlers';
import { defineRule } from '../rule';

/** Calls that make a response of a dictionary, with the name of their status argument. */
const responses: readonly (readonly [RegExp, string])[] = [
  [/^(?:fastapi|starlette)\.responses\.(?:JSON|ORJSON|UJSON)Response$/, 'status_code'],
  [/^(?:flask|quart)(?:\.json)?\.jsonify$/, 'status'],
  [/^aiohttp\.web\.json_response$/, 'status'],
  [/^sanic\.(?:response\.)?json$/, 'status'],
];

export const errorAsHttp200 = defineRule({
  name: 'error-as-http-200',
  on: 'python',
  concern: 'serving',
  severity: 'warning',
  summary: 'A route answers an error with HTTP status 200.',
  why: 'Monitors, probes, load tests and clients go by the status: to them every failed request is a success.',
  next: 'Give the answer the status it names: raise HTTPException, or return a response with that status code.',
  sources: ['RFC 9110, 15 Status Codes', 'FastAPI docs, Handling Errors'],
  *check({ file }) {
    for (const found of routeHandlers(file)) {
      if (decidesStatus(found, file)) continue;
      for (const { value, place } of returnedValues(file.module, found.handler)) {
        const unused = found.route.framework === 'fastapi' ? statusOfPair(value) : undefined;
        if (unused) {
          yield {
            span: unused,
            what: 'FastAPI sends a list with HTTP 200: {status} here is no status',
            with: { status: file.source.text.slice(unused.start, unused.end) },
          };
        }
        const body = bodyOf(value);
        const error = body && !isChangedLater(body, found.handler, file) ? errorIn(body, place) : undefined;
        if (!error) continue;
        const { start, end } = error;
        yield {
          span: error,
          what: 'The body says {error}, the HTTP status says 200',
          with: { error: file.source.text.slice(start, end) },
        };
      }
    }
  },
});

/** The route or the handler has a word on the status or on how answers are made: a protocol of the house. */
function decidesStatus({ route, handler }: RouteHandler, { module }: PythonDocument): boolean {
  const decorators = handler.decorators.flatMap(({ call }) => (call ? [call] : []));
  const own = decorators.find(({ span }) => span.start >= route.span.start && span.end <= route.span.end);
  const saysSo = (call: PythonCall): boolean =>
    hasSpread(call) ||
    ['status_code', 'response_class', 'default_response_class', 'route_class'].some(
      (name) => argument(call, name) !== undefined,
    );
  // A decorator that is no route may wrap the answer.
  if (handler.decorators.length > decorators.length || (own && saysSo(own))) return true;
  if (
    decorators.some(
      (call) => !/\.(?:get|post|put|delete|patch|head|options|route|api_route)$/.test(call.callee),
    )
  )
    return true;
  if (module.calls.some((call) => /(?:^|\.)(?:FastAPI|APIRouter|Flask)$/.test(call.callee) && saysSo(call)))
    return true;
  return module.assignments.some(
    ({ target, place }) => target.endsWith('.status_code') && place.function === handler,
  );
}

/** `return {...}, 503` sets the status in Flask; in FastAPI it is a list of two. */
function statusOfPair(value: PythonValue): Span | undefined {
  if (value.kind !== 'list' || value.items.length !== 2) return undefined;
  const [body, status] = value.items;
  const isError = status?.kind === 'number' && status.value >= 400 && status.value < 600;
  return body?.kind === 'dictionary' && isError ? status.span : undefined;
}

function bodyOf(value: PythonValue): PythonValue | undefined {
  if (value.kind !== 'call') return value;
  const response = responses.find(([callee]) => callee.test(value.call.callee));
  if (!response || hasSpread(value.call)) return undefined;
  const [first, ...others] = value.call.arguments;
  return first && others.every(({ name }) => name !== undefined && name !== response[1])
    ? first.value
    : undefined;
}

/** `answer = {"success": False}` and then `answer["success"] = True`. */
function isChangedLater(body: PythonValue, handler: PythonFunction, { module }: PythonDocument): boolean {
  const { start } = body.span;
  const name = module.assignments.find(
    ({ value, place }) => value?.span.start === start && place.function === handler,
  )?.target;
  if (name === undefined) return false;
  return (
    module.subscripts.some(
      ({ of, isWritten, place }) => isWritten && of === name && place.function === handler,
    ) || module.calls.some(({ callee, place }) => callee === `${name}.update` && place.function === handler)
  );
}

/** The word of the body that tells of a failure. */
function errorIn(body: PythonValue, place: PythonPlace): Span | undefined {
  if (body.kind !== 'dictionary' || body.open) return undefined;
  const keys = new Map(
    body.entries.flatMap(({ key, value }) => (key.kind === 'text' ? [[key.value, { key, value }]] : [])),
  );
  for (const [name, { value }] of keys) {
    if (!/^(?:code|status|status_?code|err(?:or)?_?code)$/i.test(name)) continue;
    if (value.kind === 'number' && value.value >= 400 && value.value < 600) return value.span;
  }
  const tells = ['msg', 'message', 'error', 'detail', 'reason'].some((name) => keys.has(name));
  const isCaught = place.handler !== undefined;
  for (const name of ['success', 'ok']) {
    const value = keys.get(name)?.value;
    if (value?.kind === 'boolean' && !value.value && (tells || isCaught)) return value.span;
  }
  if (!isCaught) return undefined;
  const status = keys.get('status')?.value;
  if (status?.kind === 'text' && /^(?:error|fail(?:ed|ure)?)$/i.test(status.value)) return status.span;
  const error = keys.get('error');
  return error && error.value.kind !== 'none' ? error.key.span : undefined;
}
