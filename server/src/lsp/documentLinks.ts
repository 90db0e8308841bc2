import type { DocumentLink, DocumentLinkParams } from 'vscode-languageserver';
import { toProtocolRange } from './position';
import type { Session } from './session';

/** Links from requirements files to the files they include. Links to image registries belong to other servers. */
export async function documentLinks(
  { textDocument }: DocumentLinkParams,
  session: Session,
): Promise<DocumentLink[]> {
  const place = session.workspace.placeOf(textDocument.uri);
  if (!place) return [];
  const { project } = await place.folder.snapshot();
  const document = project.requirements.find(({ path }) => path === place.path);
  if (!document) return [];
  return document.requirements.entries.flatMap((entry) => {
    const path = entry.kind === 'include' ? pathFrom(place.path, entry.path) : undefined;
    if (entry.kind !== 'include' || path === undefined || !project.tree.has(path)) return [];
    return [
      {
        range: toProtocolRange(document.source.rangeOf(entry.pathSpan)),
        target: session.uriOf(place.folder, path),
      },
    ];
  });
}

/** `target` as written in the file at `path`, relative to the folder; undefined when it leads out of it. */
function pathFrom(path: string, target: string): string | undefined {
  if (/^([/\\]|[A-Za-z][\w+.-]*:)/.test(target)) return undefined;
  const parts = path.split('/').slice(0, -1);
  for (const part of target.replaceAll('\\', '/').split('/')) {
    if (part === '..' && parts.pop() === undefined) return undefined;
    if (part !== '..' && part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
