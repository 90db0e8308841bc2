import { isMap, isPair, isScalar, isSeq, type Node, parseDocument, type YAMLMap } from 'yaml';
import { type Answer, absent, known, unknown } from '../answer';
import { folderOf } from './projectPath';
import type { StatedBuild } from './statedBuild';

/** `compose.yaml`, `docker-compose.prod.yml`, `web.compose.yml` ... */
export function isComposePath(path: string): boolean {
  return /(?:^|\/)(?:[\w.-]*[.-])?(?:docker-)?compose(?:[.-][\w.-]+)?\.ya?ml$/i.test(path);
}

/** The builds of a Compose file's services. Never throws; what is no Compose file yields none. */
export function composeBuilds(path: string, text: string): readonly StatedBuild[] {
  const document = parseDocument(text, { strict: false, logLevel: 'silent', uniqueKeys: false });
  const services = isMap(document.contents)
    ? resolved(document.contents.get('services', true), document)
    : undefined;
  if (!isMap(services)) return [];
  const builds: StatedBuild[] = [];
  for (const item of services.items) {
    if (!isPair(item)) continue;
    const service = resolved(item.value, document);
    const build = isMap(service) ? serviceBuild(path, service, document) : undefined;
    if (build) builds.push(build);
  }
  return builds;
}

type Document = ReturnType<typeof parseDocument>;

function serviceBuild(path: string, service: YAMLMap, document: Document): StatedBuild | undefined {
  const build = resolved(service.get('build', true), document);
  const image = resolved(service.get('image', true), document);
  if (!build) return undefined;
  const span = { start: build.range?.[0] ?? 0, end: build.range?.[1] ?? 0 };
  const stated = {
    origin: { kind: 'compose' as const, file: path, span },
    folders: [...new Set([folderOf(path), ''])],
    fileIsBelow: 'context' as const,
  };
  const imageTags = image ? [textOf(image)] : [];
  if (isScalar(build)) {
    const none = { target: absent, buildArgs: new Map(), platforms: absent, secrets: [], namedContexts: [] };
    return { ...stated, ...none, context: contextOf(textOf(build)), file: absent, tags: imageTags };
  }
  if (!isMap(build) || build.has('dockerfile_inline')) return undefined;
  const field = (name: string): Answer<string> => {
    const node = resolved(build.get(name, true), document);
    return node ? textOf(node) : absent;
  };
  const context = field('context');
  const platforms = listOf(resolved(build.get('platforms', true), document));
  return {
    ...stated,
    context: contextOf(context.state === 'absent' ? known('.') : context),
    file: field('dockerfile'),
    target: field('target'),
    buildArgs: argumentsOf(resolved(build.get('args', true), document)),
    tags: [...imageTags, ...listOf(resolved(build.get('tags', true), document))],
    platforms:
      platforms.length === 0
        ? absent
        : known(platforms.flatMap((value) => (value.state === 'known' ? value.value : []))),
    secrets: secretsOf(resolved(build.get('secrets', true), document)),
    namedContexts: [...argumentsOf(resolved(build.get('additional_contexts', true), document)).keys()],
  };
}

function contextOf(written: Answer<string>): Answer<string> {
  if (written.state !== 'known') return written;
  return /^(?:https?|git|ssh|oci):|^git@|^github\.com\//.test(written.value) ? absent : written;
}

/** Follows an alias to its anchor. */
function resolved(node: unknown, document: Document): Node | undefined {
  if (node !== null && typeof node === 'object' && 'resolve' in node && typeof node.resolve === 'function') {
    return (node.resolve as (document: Document) => Node | undefined)(document);
  }
  return isScalar(node) || isMap(node) || isSeq(node) ? node : undefined;
}

function textOf(node: Node): Answer<string> {
  const value = isScalar(node) ? node.value : undefined;
  if (typeof value === 'string') return interpolated(value);
  return typeof value === 'number' || typeof value === 'boolean' ? known(`${value}`) : unknown;
}

/** `$VAR` and `${VAR}` are somebody's environment: unknown. `${VAR:-default}` is its default unless somebody sets it. */
function interpolated(text: string): Answer<string> {
  const filled = text
    .replaceAll('$$', '\0')
    .replace(/\$\{[A-Za-z_]\w*:?-([^${}]*)\}/g, (_, fallback: string) => fallback);
  return filled.includes('$') ? unknown : known(filled.replaceAll('\0', '$'));
}

function listOf(node: Node | undefined): readonly Answer<string>[] {
  return isSeq(node) ? node.items.flatMap((item) => (isScalar(item) ? [textOf(item)] : [])) : [];
}

function argumentsOf(node: Node | undefined): ReadonlyMap<string, Answer<string>> {
  const found = new Map<string, Answer<string>>();
  if (isMap(node)) {
    for (const { key, value } of node.items) {
      if (!isScalar(key)) continue;
      found.set(String(key.value), isScalar(value) && value.value !== null ? textOf(value) : absent);
    }
  }
  for (const item of listOf(node)) {
    if (item.state !== 'known') continue;
    const equals = item.value.indexOf('=');
    if (equals === -1) found.set(item.value, absent);
    else found.set(item.value.slice(0, equals), known(item.value.slice(equals + 1)));
  }
  return found;
}

function secretsOf(node: Node | undefined): readonly string[] {
  if (!isSeq(node)) return [];
  return node.items.flatMap((item) => {
    const named = isMap(item)
      ? (item.get('target') ?? item.get('source'))
      : isScalar(item)
        ? item.value
        : undefined;
    return typeof named === 'string' ? named : [];
  });
}
