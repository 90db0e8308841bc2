import { configurationNames } from '../project/configuration/configuration';
import { nearestConfiguration } from '../project/configuration/nearestConfiguration';
import { withContext } from '../project/configuration/withContext';
import type {
  ContextEdit,
  ContextEditParams,
  StatedContext,
  StatedContextsParams,
} from '../protocol/languageServer';
import type { Session } from './session';
import { comparableUri, pathBelow, uriBelow } from './uriPath';

/**
 * The configuration that names `context` for the Dockerfile. Null where it cannot be written: the document is not
 * open, the folder lies elsewhere, or the configuration is broken.
 */
export async function contextEdit(
  { uri, context }: ContextEditParams,
  session: Session,
): Promise<ContextEdit | null> {
  const place = session.workspace.placeOf(uri);
  if (!place) return null;
  const { folder, path } = place;
  const isRoot = comparableUri(context) === comparableUri(folder.uri);
  const contextPath = isRoot ? '' : pathBelow(folder.uri, context);
  const { tree } = (await folder.snapshot()).project;
  const existing = nearestConfiguration(tree, path);
  const file = existing ?? configurationNames[0];
  if (contextPath === undefined || file === undefined) return null;
  const base = file.slice(0, file.lastIndexOf('/') + 1);
  const text = withContext(tree.textOf(file) ?? '', path.slice(base.length), relativeTo(base, contextPath));
  if (text === undefined) return null;
  return {
    uri: existing === undefined ? uriBelow(folder.uri, file) : session.uriOf(folder, file),
    exists: existing !== undefined,
    text,
  };
}

/** What Compose, CI, scripts and their kind say about the document, strongest first, each folder once. */
export async function statedContexts(
  { uri }: StatedContextsParams,
  session: Session,
): Promise<StatedContext[]> {
  const place = session.workspace.placeOf(uri);
  if (!place) return [];
  const { project } = await place.folder.snapshot();
  const stated = new Map<string, StatedContext>();
  for (const { context, origin } of project.contextOf(place.path).alternatives) {
    if (context.state !== 'known' || stated.has(context.value)) continue;
    const { folder } = place;
    const contextUri = context.value === '' ? folder.uri : uriBelow(folder.uri, context.value);
    stated.set(context.value, { uri: contextUri, file: origin.file });
  }
  return [...stated.values()];
}

/** `folder` as seen from `base` (empty or with a trailing slash), which lies above the Dockerfile. */
function relativeTo(base: string, folder: string): string {
  const from = base.split('/').slice(0, -1);
  const to = folder === '' ? [] : folder.split('/');
  while (from.length > 0 && from[0] === to[0]) {
    from.shift();
    to.shift();
  }
  return [...from.map(() => '..'), ...to].join('/') || '.';
}
