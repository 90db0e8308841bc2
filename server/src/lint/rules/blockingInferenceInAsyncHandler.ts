import type { PythonCall } from '../../project/python/pythonModule';
import type { WebFramework } from '../../project/python/webRoutes';
import { infers } from '../facts/inferenceCalls';
import { routeHandlers } from '../facts/routeHandlers';
import { defineRule } from '../rule';

/** Frameworks that run every `async def` route on the one event loop. */
const onEventLoop: ReadonlySet<WebFramework> = new Set(['fastapi', 'starlette', 'quart', 'sanic', 'aiohttp']);
const waits =
  /^(?:time\.sleep|requests\.(?:get|post|put|patch|delete|head|request)|urllib\.request\.(?:urlopen|urlretrieve)|subprocess\.(?:run|call|check_call|check_output))$/;

export const blockingInferenceInAsyncHandler = defineRule({
  name: 'blocking-inference-in-async-handler',
  on: 'python',
  concern: 'serving',
  severity: 'warning',
  summary: 'An async route computes or waits on the event loop.',
  why: 'While it works the event loop stands still: requests are answered one at a time and health probes time out.',
  next: 'Make the route a plain def, which runs in a thread, or await the call through run_in_threadpool or asyncio.to_thread.',
  sources: [
    'FastAPI docs, Concurrency and async / await',
    'Python docs, Developing with asyncio, Running Blocking Code',
  ],
  *check({ file, project }) {
    for (const { route, handler } of routeHandlers(file)) {
      if (!handler.isAsync || !onEventLoop.has(route.framework)) continue;
      const calls = file.module.calls.filter(({ place }) => place.function === handler);
      const reported: PythonCall[] = [];
      for (const call of calls) {
        if (isHandedOver(call, calls, file.source.text)) continue;
        if (!waits.test(call.callee) && !infers(call, file, project)) continue;
        if (reported.some(({ callee }) => callee === call.callee)) continue;
        reported.push(call);
        const span = { start: call.span.start, end: call.calleeSpan.end };
        yield {
          span,
          what: '{call} holds up the event loop',
          with: { call: file.source.text.slice(span.start, span.end) },
        };
      }
    }
  },
});

/** Inside of what is awaited or in a lambda: another thread may run it. */
function isHandedOver(call: PythonCall, calls: readonly PythonCall[], text: string): boolean {
  return calls.some(
    (outer) =>
      outer !== call &&
      outer.span.start <= call.span.start &&
      outer.span.end >= call.span.end &&
      (outer.awaited || /\blambda\b/.test(text.slice(outer.span.start, call.span.start))),
  );
}
