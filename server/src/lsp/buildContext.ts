import type { BuildContext } from '../project/links/buildContext';
import type { Project } from '../project/project';
import type { Message } from '../protocol/message';

/** The build context of a Dockerfile and who says so; undefined for other files. */
export function contextInWords(project: Project, path: string): Message | undefined {
  if (!project.dockerfiles.some((document) => document.path === path)) return undefined;
  const { context } = project.contextOf(path);
  if (context.state === 'absent') return { template: 'Context: none, this build reads no local folder' };
  if (context.state === 'unknown') return { template: 'Context: unknown, so COPY is not checked' };
  return context.value.folder === '' ? rootInWords(context.value) : folderInWords(context.value);
}

function rootInWords({ from }: BuildContext): Message {
  if (from === 'setting') return { template: 'Context: top folder (chosen in .plimsoll.yaml)' };
  if (from === 'folder') return { template: 'Context: top folder (a guess: what is copied lies there)' };
  return { template: 'Context: top folder (from {file})', with: { file: from.file } };
}

function folderInWords({ folder, from }: BuildContext): Message {
  if (from === 'setting')
    return { template: 'Context: {folder} (chosen in .plimsoll.yaml)', with: { folder } };
  if (from === 'folder') {
    return { template: 'Context: {folder} (a guess: what is copied lies there)', with: { folder } };
  }
  return { template: 'Context: {folder} (from {file})', with: { folder, file: from.file } };
}
