import type { DocumentLink, DocumentLinkParams } from 'vscode-languageserver';
import type { Project } from '../project/project';
import type { Range } from '../protocol/range';
import { toProtocolRange } from './position';
import type { Session } from './session';

/** Links to files of the project that a file names. Links to image registries belong to other servers. */
export async function documentLinks(
  { textDocument }: DocumentLinkParams,
  session: Session,
): Promise<DocumentLink[]> {
  const place = session.workspace.placeOf(textDocument.uri);
  if (!place) return [];
  const { project } = await place.folder.snapshot();
  return [...includedFiles(project, place.path), ...copiedFiles(project, place.path)]
    .filter(({ target }) => project.tree.has(target))
    .map(({ range, target }) => ({
      range: toProtocolRange(range),
      target: session.uriOf(place.folder, target),
    }));
}

interface NamedFile {
  readonly range: Range;
  /** Path in the project. */
  readonly target: string;
}

/** `-r` and `-c` of a requirements file. */
function includedFiles(project: Project, path: string): NamedFile[] {
  const document = project.requirements.find((candidate) => candidate.path === path);
  return (document?.requirements.entries ?? []).flatMap((entry) => {
    const target = entry.kind === 'include' ? pathFrom(path.split('/').slice(0, -1), entry.path) : undefined;
    if (entry.kind !== 'include' || target === undefined || !document) return [];
    return [{ range: document.source.rangeOf(entry.pathSpan), target }];
  });
}

/** Sources of COPY and ADD, where the build context is known. */
function copiedFiles(project: Project, path: string): NamedFile[] {
  const document = project.dockerfiles.find((candidate) => candidate.path === path);
  if (!document) return [];
  const { context } = project.contextOf(path);
  if (context.state !== 'known') return [];
  const folder = context.value.folder === '' ? [] : context.value.folder.split('/');
  return document.dockerfile.instructions.flatMap((instruction) => {
    if (instruction.kind !== 'copy' || instruction.from) return [];
    return instruction.sources.flatMap(({ value, span }) => {
      // An absolute source is meant from the context too.
      const target = value.state === 'known' ? pathFrom(folder, value.value.replace(/^\/+/, '')) : undefined;
      return target === undefined ? [] : [{ range: document.source.rangeOf(span), target }];
    });
  });
}

/** `target` as written in a file of `folder`; undefined when it leads out of the project. */
function pathFrom(folder: readonly string[], target: string): string | undefined {
  if (/^([/\\]|[A-Za-z][\w+.-]*:)/.test(target)) return undefined;
  const parts = [...folder];
  for (const part of target.replaceAll('\\', '/').split('/')) {
    if (part === '..' && parts.pop() === undefined) return undefined;
    if (part !== '..' && part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
