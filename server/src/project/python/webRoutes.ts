import { type Answer, known, unknown } from '../answer';
import type { Span } from '../span';
import { argument, textAnswer } from './pythonAnswers';
import type { PythonCall, PythonFunction, PythonModule, PythonPlace, PythonValue } from './pythonModule';

/** A web application or router object of the program. */
export interface WebApp {
  /** `app`, `self.app`; empty where it is not assigned to a name. */
  readonly name: string;
  readonly framework: WebFramework;
  readonly isRouter: boolean;
  /** Where a router's paths hang; unknown when the text does not say. */
  readonly prefix: Answer<string>;
  readonly call: PythonCall;
}

export type WebFramework =
  | 'fastapi'
  | 'flask'
  | 'starlette'
  | 'quart'
  | 'sanic'
  | 'litserve'
  | 'aiohttp'
  | 'bottle';

export interface WebRoute {
  readonly framework: WebFramework;
  /** Upper case; `WEBSOCKET` for one; empty when the text does not say. */
  readonly methods: readonly string[];
  /** With the prefixes of the file's own routers. */
  readonly path: Answer<string>;
  /** The path as written in the route itself. */
  readonly pathSpan: Span | undefined;
  /** The function that answers, where the file defines it. */
  readonly handler: PythonFunction | undefined;
  readonly handlerName: string | undefined;
  readonly span: Span;
}

const makers: ReadonlyMap<string, { readonly framework: WebFramework; readonly isRouter: boolean }> = new Map(
  (
    [
      ['fastapi.FastAPI', 'fastapi', false],
      ['fastapi.applications.FastAPI', 'fastapi', false],
      ['fastapi.APIRouter', 'fastapi', true],
      ['fastapi.routing.APIRouter', 'fastapi', true],
      ['flask.Flask', 'flask', false],
      ['flask.Blueprint', 'flask', true],
      ['flask.blueprints.Blueprint', 'flask', true],
      ['starlette.applications.Starlette', 'starlette', false],
      ['starlette.routing.Router', 'starlette', true],
      ['quart.Quart', 'quart', false],
      ['quart.Blueprint', 'quart', true],
      ['sanic.Sanic', 'sanic', false],
      ['sanic.Blueprint', 'sanic', true],
      ['litserve.LitServer', 'litserve', false],
      ['aiohttp.web.Application', 'aiohttp', false],
      ['bottle.Bottle', 'bottle', false],
    ] as const
  ).map(([callee, framework, isRouter]) => [callee, { framework, isRouter }]),
);

const verbs = new Set(['get', 'post', 'put', 'delete', 'patch', 'head', 'options', 'trace']);

export function webApps(module: PythonModule): WebApp[] {
  const assigned = new Map<PythonCall, string>();
  for (const { target, value } of module.assignments)
    if (value?.kind === 'call') assigned.set(value.call, target);
  return module.calls.flatMap((call) => {
    const maker = makers.get(call.callee);
    if (!maker) return [];
    const prefix = textAnswer(module, argument(call, 'prefix') ?? argument(call, 'url_prefix'), call.place);
    return { name: assigned.get(call) ?? '', ...maker, prefix: orEmpty(prefix), call };
  });
}

/** Routes by decorator (`@app.post("/x")`), by call (`app.add_api_route`), and by `Route("/x", f)`. */
export function webRoutes(module: PythonModule): WebRoute[] {
  const apps = new Map(webApps(module).flatMap((app) => (app.name === '' ? [] : [[app.name, app] as const])));
  const prefixes = mountPrefixes(module, apps);
  const routes: WebRoute[] = [];
  for (const handler of module.functions) {
    for (const { call, span } of handler.decorators) {
      const route = call && decoratorRoute(module, call, apps, prefixes);
      if (route) routes.push({ ...route, handler, handlerName: handler.name, span });
    }
  }
  for (const call of module.calls) {
    const route = call.isDecorator ? undefined : callRoute(module, call, apps, prefixes);
    if (route) routes.push(route);
  }
  for (const app of apps.values()) if (app.framework === 'litserve') routes.push(litserveRoute(module, app));
  return routes;
}

type Prefixes = ReadonlyMap<string, Answer<string>>;

/** Prefix of every router: its own, after that of `include_router(router, prefix=...)` or `register_blueprint`. */
function mountPrefixes(module: PythonModule, apps: ReadonlyMap<string, WebApp>): Prefixes {
  const prefixes = new Map<string, Answer<string>>();
  for (const app of apps.values()) prefixes.set(app.name, app.prefix);
  for (const call of module.calls) {
    if (!/\.(?:include_router|register_blueprint|mount)$/.test(call.callee)) continue;
    const isMount = call.callee.endsWith('.mount');
    const router = argument(call, isMount ? 'app' : 'router', isMount ? 1 : 0)?.value;
    const app = router?.kind === 'name' ? apps.get(router.path) : undefined;
    if (!app) continue;
    const written = isMount
      ? argument(call, 'path', 0)
      : (argument(call, 'prefix') ?? argument(call, 'url_prefix'));
    const mounted = orEmpty(textAnswer(module, written, call.place));
    // Flask's url_prefix of the registration replaces the blueprint's own; the others are joined.
    const replaces = call.callee.endsWith('.register_blueprint') && written !== undefined;
    prefixes.set(app.name, replaces ? mounted : joined(mounted, app.prefix));
  }
  return prefixes;
}

function decoratorRoute(
  module: PythonModule,
  call: PythonCall,
  apps: ReadonlyMap<string, WebApp>,
  prefixes: Prefixes,
): Omit<WebRoute, 'handler' | 'handlerName' | 'span'> | undefined {
  const dot = call.callee.lastIndexOf('.');
  const app = apps.get(call.callee.slice(0, dot));
  const verb = call.callee.slice(dot + 1);
  if (!app || dot === -1) return undefined;
  const isVerb = verbs.has(verb);
  if (!isVerb && !['route', 'api_route', 'websocket'].includes(verb)) return undefined;
  const path = argument(call, 'path', 0) ?? argument(call, 'rule');
  const methods = isVerb
    ? [verb.toUpperCase()]
    : verb === 'websocket'
      ? ['WEBSOCKET']
      : methodsOf(module, call);
  const own = path ? textAnswer(module, path, call.place) : unknown;
  return {
    framework: app.framework,
    methods,
    path: joined(prefixes.get(app.name) ?? unknown, own),
    pathSpan: path?.value.span,
  };
}

function callRoute(
  module: PythonModule,
  call: PythonCall,
  apps: ReadonlyMap<string, WebApp>,
  prefixes: Prefixes,
): WebRoute | undefined {
  const isRouteObject = /^starlette\.routing\.(?:Route|WebSocketRoute)$/.test(call.callee);
  const method = /^(.*)\.(add_api_route|add_route|add_url_rule|add_websocket_route)$/.exec(call.callee);
  const app = method ? apps.get(method[1] ?? '') : undefined;
  if (!isRouteObject && !app) return undefined;
  const path = argument(call, 'path', 0) ?? argument(call, 'rule');
  const position = method?.[2] === 'add_url_rule' ? 2 : 1;
  const endpoint = argument(call, method?.[2] === 'add_url_rule' ? 'view_func' : 'endpoint', position)?.value;
  const name = endpoint?.kind === 'name' ? endpoint.path : undefined;
  const prefix = app ? (prefixes.get(app.name) ?? unknown) : known('');
  return {
    framework: app?.framework ?? 'starlette',
    methods: /websocket/i.test(call.callee) ? ['WEBSOCKET'] : methodsOf(module, call),
    path: joined(prefix, path ? textAnswer(module, path, call.place) : unknown),
    pathSpan: path?.value.span,
    handler: module.functions.find((one) => one.name === name),
    handlerName: name,
    span: call.span,
  };
}

/** LitServe answers POST /predict unless `api_path` says otherwise. */
function litserveRoute(module: PythonModule, app: WebApp): WebRoute {
  const path = argument(app.call, 'api_path');
  const written = textAnswer(module, path, app.call.place);
  const handler = module.functions.find((one) => one.name === 'predict' && one.place.className !== undefined);
  return {
    framework: 'litserve',
    methods: ['POST'],
    path: written.state === 'absent' ? known('/predict') : written,
    pathSpan: path?.value.span,
    handler,
    handlerName: handler?.name,
    span: app.call.span,
  };
}

function methodsOf(module: PythonModule, call: PythonCall): string[] {
  const given = argument(call, 'methods');
  if (!given) return ['GET'];
  if (given.value.kind !== 'list') return [];
  return given.value.items.flatMap((item) => {
    const text = textAnswer(module, item, call.place);
    return text.state === 'known' ? text.value.toUpperCase() : [];
  });
}

function orEmpty(answer: Answer<string>): Answer<string> {
  return answer.state === 'absent' ? known('') : answer;
}

function joined(prefix: Answer<string>, path: Answer<string>): Answer<string> {
  if (prefix.state !== 'known' || path.state !== 'known') return unknown;
  return known(prefix.value.replace(/\/$/, '') + path.value);
}

/** A field of a request or response body. */
export interface BodyField {
  readonly name: string;
  readonly annotation: PythonValue | undefined;
  readonly default: PythonValue | undefined;
  readonly isRequired: boolean;
  readonly span: Span;
}

/** Fields of a Pydantic model or dataclass of this file, bases of this file first; undefined for another class. */
export function bodyFields(module: PythonModule, className: string): readonly BodyField[] | undefined {
  return fieldsOf(module, className, 0);
}

function fieldsOf(module: PythonModule, className: string, depth: number): BodyField[] | undefined {
  const found = module.classes.find((one) => one.name === className);
  if (!found || depth > 16) return undefined;
  const inherited = found.bases.map((base) => fieldsOf(module, base, depth + 1));
  const isModel =
    found.bases.some((base) => /(?:^|\.)(?:BaseModel|BaseSettings|SQLModel|TypedDict|Struct)$/.test(base)) ||
    found.decorators.some((decorator) => /(?:^|\.)dataclass$/.test(decorator.name)) ||
    inherited.some((fields) => fields !== undefined);
  if (!isModel) return undefined;
  const own = found.fields.flatMap((field): BodyField[] => {
    if (!field.annotation || !/^[A-Za-z_]\w*$/.test(field.target) || field.target === 'model_config')
      return [];
    const value = fieldDefault(field.value);
    const { target, annotation, targetSpan } = field;
    return [{ name: target, annotation, default: value, isRequired: value === undefined, span: targetSpan }];
  });
  const byName = new Map(
    [...inherited.flatMap((fields) => fields ?? []), ...own].map((field) => [field.name, field]),
  );
  return [...byName.values()];
}

/** `= 3`, `= Field(3)`, `= Field(default=3)`, `= Field(default_factory=list)`; `Field(...)` is none. */
function fieldDefault(value: PythonValue | undefined): PythonValue | undefined {
  if (value?.kind !== 'call' || !/(?:^|\.)(?:Field|field|Body|Query)$/.test(value.call.callee)) return value;
  const given = argument(value.call, 'default', 0) ?? argument(value.call, 'default_factory');
  return given && !isEllipsis(given.value) ? given.value : undefined;
}

function isEllipsis(value: PythonValue): boolean {
  return value.kind === 'other' && value.parts.length === 0 && value.span.end - value.span.start === 3;
}

/** The values a handler can return, with the place of each: dictionaries show the shape of the answer. */
export function returnedValues(
  module: PythonModule,
  handler: PythonFunction,
): readonly { readonly value: PythonValue; readonly span: Span; readonly place: PythonPlace }[] {
  return handler.returns.flatMap(({ value, span, place }) => {
    if (!value) return [];
    if (value.kind !== 'name') return [{ value, span, place }];
    const assigned = module.assignments.filter(
      (one) => one.target === value.path && one.place.function === handler && one.value,
    );
    const only = assigned.length === 1 ? assigned[0]?.value : undefined;
    return [{ value: only ?? value, span, place }];
  });
}
