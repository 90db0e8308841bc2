import { type Answer, absent, known, unknown } from '../answer';
import type { Span } from '../span';
import { argument, hasSpread, numberAnswer, type PythonNumber, textAnswer } from './pythonAnswers';
import type { PythonCall, PythonModule, PythonPlace } from './pythonModule';
import { webApps } from './webRoutes';

/** A port the program opens by itself when that line runs. */
export interface ListenPort {
  readonly server: string;
  readonly port: PythonNumber;
  /** Absent when the server's own default holds, which is named in `defaultHost`. */
  readonly host: Answer<string>;
  readonly defaultHost: string;
  /** The port is not in the text: it is the server's default. */
  readonly isDefault: boolean;
  readonly span: Span;
  readonly place: PythonPlace;
}

/** Defaults as the servers' own documentation gives them. */
const servers: readonly {
  readonly callee: RegExp;
  readonly server: string;
  readonly port: string;
  readonly portAt?: number;
  readonly host: string;
  readonly hostAt?: number;
  readonly defaultPort: number;
  readonly defaultHost: string;
}[] = [
  {
    callee: /^uvicorn\.(?:run|Config)$/,
    server: 'uvicorn',
    port: 'port',
    host: 'host',
    defaultPort: 8000,
    defaultHost: '127.0.0.1',
  },
  {
    callee: /^waitress\.serve$/,
    server: 'waitress',
    port: 'port',
    host: 'host',
    defaultPort: 8080,
    defaultHost: '0.0.0.0',
  },
  {
    callee: /^aiohttp\.web\.run_app$/,
    server: 'aiohttp',
    port: 'port',
    host: 'host',
    defaultPort: 8080,
    defaultHost: '0.0.0.0',
  },
  {
    callee: /^prometheus_client\.start_http_server$/,
    server: 'prometheus',
    port: 'port',
    portAt: 0,
    host: 'addr',
    hostAt: 1,
    defaultPort: 8000,
    defaultHost: '0.0.0.0',
  },
];

/** `app.run()` of the framework that made `app`. */
const runDefaults: Readonly<
  Record<string, { readonly port: number; readonly host: string; readonly ordered: boolean }>
> = {
  flask: { port: 5000, host: '127.0.0.1', ordered: true },
  quart: { port: 5000, host: '127.0.0.1', ordered: true },
  sanic: { port: 8000, host: '127.0.0.1', ordered: true },
  litserve: { port: 8000, host: '0.0.0.0', ordered: false },
  bottle: { port: 8080, host: '127.0.0.1', ordered: false },
};

export function* listenPorts(module: PythonModule): Generator<ListenPort> {
  const frameworks = new Map(webApps(module).map((app) => [app.name, app.framework]));
  for (const call of module.calls) {
    const known1 = servers.find((server) => server.callee.test(call.callee));
    if (known1) {
      yield listening(module, call, known1);
      continue;
    }
    const framework = call.callee.endsWith('.run') ? frameworks.get(call.callee.slice(0, -4)) : undefined;
    const defaults = framework && runDefaults[framework];
    if (framework && defaults) {
      yield listening(module, call, {
        server: framework,
        port: 'port',
        host: 'host',
        ...(defaults.ordered ? { hostAt: 0, portAt: 1 } : {}),
        defaultPort: defaults.port,
        defaultHost: defaults.host,
      });
    } else if (call.callee.endsWith('.launch') && usesGradio(module)) {
      yield listening(module, call, {
        server: 'gradio',
        port: 'server_port',
        host: 'server_name',
        defaultPort: 7860,
        defaultHost: '127.0.0.1',
      });
    } else {
      yield* grpcPorts(module, call);
    }
  }
  yield* gunicornBind(module);
}

interface Server {
  readonly server: string;
  readonly port: string;
  readonly portAt?: number;
  readonly host: string;
  readonly hostAt?: number;
  readonly defaultPort: number;
  readonly defaultHost: string;
}

function listening(module: PythonModule, call: PythonCall, server: Server): ListenPort {
  const { place, calleeSpan } = call;
  const port = argument(call, server.port, server.portAt);
  const host = argument(call, server.host, server.hostAt);
  const hidden = hasSpread(call);
  const missing: PythonNumber = {
    value: hidden ? unknown : known(server.defaultPort),
    variable: undefined,
    fallback: undefined,
    span: calleeSpan,
  };
  return {
    server: server.server,
    port: port ? numberAnswer(module, port.value, place) : missing,
    host: host || !hidden ? textAnswer(module, host, place) : unknown,
    defaultHost: server.defaultHost,
    isDefault: !port && !hidden,
    span: call.span,
    place,
  };
}

function usesGradio(module: PythonModule): boolean {
  return module.imports.some((one) => one.module === 'gradio' || one.module.startsWith('gradio.'));
}

/** `server.add_insecure_port("[::]:50051")`. */
function* grpcPorts(module: PythonModule, call: PythonCall): Generator<ListenPort> {
  if (!/\.add_(?:in)?secure_port$/.test(call.callee)) return;
  const address = argument(call, 'address', 0);
  if (!address) return;
  yield bound(textAnswer(module, address, call.place), 'grpc', address.value.span, call.place);
}

/** `bind = "0.0.0.0:8080"` of a gunicorn.conf.py. */
function* gunicornBind(module: PythonModule): Generator<ListenPort> {
  for (const { target, value, place } of module.assignments) {
    if (target !== 'bind' || !value || !place.atImport || place.className !== undefined) continue;
    const first = value.kind === 'list' ? value.items[0] : value;
    if (first) yield bound(textAnswer(module, first, place), 'gunicorn', first.span, place);
  }
}

function bound(address: Answer<string>, server: string, span: Span, place: PythonPlace): ListenPort {
  const match = address.state === 'known' ? /^(.*):(\d{1,5})$/.exec(address.value) : null;
  return {
    server,
    port: {
      value: match ? known(Number(match[2])) : unknown,
      variable: undefined,
      fallback: undefined,
      span,
    },
    host: match?.[1] ? known(match[1]) : address.state === 'known' ? absent : unknown,
    defaultHost: '0.0.0.0',
    isDefault: false,
    span,
    place,
  };
}
