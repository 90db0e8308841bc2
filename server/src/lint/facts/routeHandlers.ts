import type { PythonDocument } from '../../project/project';
import type { PythonFunction } from '../../project/python/pythonModule';
import { webRoutes, type WebRoute } from '../../project/python/webRoutes';
import { isTestCode, namesWebFramework } from './servedPython';

/** A route with the function that answers it. */
export interface RouteHandler {
  readonly route: WebRoute;
  readonly handler: PythonFunction;
}

const kept = new WeakMap<PythonDocument, readonly RouteHandler[]>();

/** HTTP routes that this file answers itself, one entry per function; none for tests. */
export function routeHandlers(document: PythonDocument): readonly RouteHandler[] {
  let found = kept.get(document);
  if (!found) {
    const byHandler = new Map<PythonFunction, RouteHandler>();
    const answers = !isTestCode(document.path) && namesWebFramework(document);
    for (const route of answers ? webRoutes(document.module) : []) {
      const { handler } = route;
      if (handler && route.framework !== 'litserve' && !route.methods.includes('WEBSOCKET'))
        byHandler.set(handler, { route, handler });
    }
    found = [...byHandler.values()];
    kept.set(document, found);
  }
  return found;
}
