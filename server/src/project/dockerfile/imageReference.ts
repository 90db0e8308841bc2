/** A parsed image reference. `name` is the familiar form: no `docker.io/` or `library/`. */
export interface ImageReference {
  /** As written, variables expanded. */
  readonly text: string;
  /** Host with port; `docker.io` when none is written. */
  readonly registry: string;
  /** Repository path without registry, with `library/` for official Docker Hub images. */
  readonly repository: string;
  readonly name: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

/** Parses `[registry/]repository[:tag][@digest]` by the distribution grammar; undefined when it is not one. */
export function parseImageReference(text: string): ImageReference | undefined {
  const match = /^([^@\s]+?)(?:@([a-z0-9]+:[0-9a-f]{32,}))?$/i.exec(text);
  if (!match?.[1]) return undefined;
  const colon = match[1].lastIndexOf(':');
  const hasTag = colon > match[1].lastIndexOf('/');
  const path = hasTag ? match[1].slice(0, colon) : match[1];
  const tag = hasTag ? match[1].slice(colon + 1) : undefined;
  if (path === '' || (tag !== undefined && !/^[\w][\w.-]{0,127}$/.test(tag))) return undefined;
  const slash = path.indexOf('/');
  const first = slash === -1 ? '' : path.slice(0, slash);
  const hasRegistry = first !== '' && (/[.:]/.test(first) || first === 'localhost');
  const registry = hasRegistry ? (first === 'index.docker.io' ? 'docker.io' : first) : 'docker.io';
  const rest = hasRegistry ? path.slice(slash + 1) : path;
  if (!/^[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*$/.test(rest)) return undefined;
  const onHub = registry === 'docker.io';
  const repository = onHub && !rest.includes('/') ? `library/${rest}` : rest;
  const name = onHub ? repository.replace(/^library\//, '') : `${registry}/${repository}`;
  return { text, registry, repository, name, tag, digest: match[2] };
}
