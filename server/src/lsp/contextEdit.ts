import { configurationNames } from '../project/configuration/configuration';
import { nearestConfiguration } from '../project/configuration/nearestConfiguration';
import { withContext } from '../project/configuration/withContext';
import type { ContextEdit, ContextEditParams } from '../protocol/languageServer';
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
