import type { Project, PythonDocument } from '../../project/project';
import { modelLoads } from '../../project/python/modelLoads';
import { type WebApp, webApps, webRoutes } from '../../project/python/webRoutes';
import { definitionOf, importedFrom, reachedFrom } from '../facts/pythonImports';
import { isTestCode, namesWebFramework } from '../facts/servedPython';
import { defineRule } from '../rule';

const healthWord = /health|ready|readiness|live(?:z|ness)?\b|alive|heartbeat|\bping\b|\bstatus\b|\/up\b/i;
/** Calls on an application, or with one, that add no route of their own. */
const addsNoRoute =
  /^(?:uvicorn\.run|hypercorn\.\w+|print|len|str|repr|id|type|isinstance|getattr|setattr|hasattr|flask_cors\.CORS|mangum\.Mangum|fastapi\.testclient\.TestClient)$|\.(?:add_middleware|exception_handler|add_exception_handler|middleware|on_event|add_event_handler|instrument_app|run|get|post|put|delete|patch|head|options|route|api_route|websocket|add_api_route|add_route|add_url_rule|errorhandler|before_request|after_request|teardown_appcontext|openapi|test_client|app_context)$/;

export const noHealthRoute = defineRule({
  name: 'no-health-route',
  on: 'python',
  concern: 'serving',
  severity: 'info',
  summary: 'A service has no route that tells whether it is ready.',
  why: 'An orchestrator cannot tell a container that still loads its model from one that hangs, and sends requests to both.',
  next: 'Add GET /healthz that answers 200 once the model is loaded, and point HEALTHCHECK or the probes at it.',
  sources: ['Kubernetes docs, Configure Liveness, Readiness and Startup Probes'],
  *check({ file, project }) {
    if (isTestCode(file.path) || /(?:^|\/)(?:docs?|benchmarks?)\//.test(file.path)) return;
    if (project.dockerfiles.length === 0 || !namesWebFramework(file)) return;
    const apps = webApps(file.module).filter(({ isRouter, name }) => !isRouter && name !== '');
    const [app, ...others] = apps;
    // Several applications in one file are mounted into each other or chosen from.
    if (!app || others.length > 0 || !['fastapi', 'flask', 'quart'].includes(app.framework)) return;
    const reached = reachedFrom([file], project);
    if (!infersSomething(file, reached) || mayHaveMore(app, file, project)) return;
    if (
      reached.some(
        ({ module }) => module.unread || module.texts.some(({ text }) => healthWord.test(text.value)),
      )
    )
      return;
    if (
      webRoutes(file.module).some(
        ({ path, methods }) => path.state !== 'known' || (path.value === '/' && methods.includes('GET')),
      )
    )
      return;
    yield { span: app.call.calleeSpan, what: 'No health route: none of its paths is one for probes' };
  },
});

/** It answers POST, and a model is loaded somewhere in it. */
function infersSomething(file: PythonDocument, reached: readonly PythonDocument[]): boolean {
  const answers = reached.some(({ module }) =>
    webRoutes(module).some(({ methods }) => methods.includes('POST')),
  );
  return (
    answers &&
    (reached.some(({ module }) => !modelLoads(module).next().done) || /infer|predict/i.test(file.source.text))
  );
}

/** Routes may come from where nobody looked: a router, sub-application, wrapper or function that is not the project's. */
function mayHaveMore({ name, call: maker }: WebApp, document: PythonDocument, project: Project): boolean {
  const { module, path } = document;
  const isOwn = (other: string): boolean => {
    const [first = other] = other.split('.');
    return (
      webApps(module).some((app) => app.name === other) ||
      importedFrom(other, path, project) !== undefined ||
      definitionOf(other, document, project) !== undefined ||
      module.functions.some((one) => one.name === first)
    );
  };
  if (maker.arguments.some((given) => given.spread !== undefined || given.name === 'routes')) return true;
  return module.calls.some((call) => {
    if (call.span.start === maker.span.start) return false;
    const given = call.arguments.map(({ value }) => value);
    if (call.receiver?.kind === 'name' && call.receiver.path === name) {
      if (/\.(?:include_router|register_blueprint|mount)$/.test(call.callee))
        return !given.some((value) => value.kind === 'name' && isOwn(value.path));
      return !addsNoRoute.test(call.callee);
    }
    const takesApp = given.some((value) => value.kind === 'name' && value.path === name);
    return takesApp && !addsNoRoute.test(call.callee) && !isOwn(call.callee);
  });
}
