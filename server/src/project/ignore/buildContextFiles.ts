import type { Dockerignore } from './dockerignore';

/**
 * The ignore file the engine uses: `<Dockerfile>.dockerignore` beside the Dockerfile, else `.dockerignore` at
 * the context's root. Paths are relative to the project; the context `''` is its root.
 */
export function ignoreFileOf(
  dockerfile: string,
  contextFolder: string,
  has: (path: string) => boolean,
): string | undefined {
  const own = `${dockerfile}.dockerignore`;
  if (has(own)) return own;
  const shared = contextFolder === '' ? '.dockerignore' : `${contextFolder}/.dockerignore`;
  return has(shared) ? shared : undefined;
}

/** The project's paths that are sent as context, relative to the context's root, in the order given. */
export function* buildContextFiles(
  paths: Iterable<string>,
  contextFolder: string,
  ignore: Dockerignore | undefined,
): Generator<string> {
  const prefix = contextFolder === '' ? '' : `${contextFolder}/`;
  for (const path of paths) {
    if (!path.startsWith(prefix)) continue;
    const inside = path.slice(prefix.length);
    if (!ignore?.ignores(inside)) yield inside;
  }
}
