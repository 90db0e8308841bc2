import { type Answer, known, unknown } from '../../project/answer';
import type { RunInstruction } from '../../project/dockerfile/dockerfile';
import { literalOf } from '../../project/shell/commandArguments';
import type { ShellCommand } from '../../project/shell/shellScript';

/** The folder every command of a RUN starts in, as its `cd` commands change it. */
export function commandFolders(run: RunInstruction): ReadonlyMap<ShellCommand, Answer<string>> {
  const folders = new Map<ShellCommand, Answer<string>>();
  let outer: Answer<string> = run.before.workdir;
  let inner: Answer<string> | undefined;
  for (const command of run.script.commands) {
    if (!command.nested) inner = undefined;
    const folder: Answer<string> = command.nested ? (inner ?? outer) : outer;
    folders.set(command, folder);
    const next = folderAfter(command, folder);
    if (command.nested) inner = next;
    else outer = next;
  }
  return folders;
}

function folderAfter(command: ShellCommand, folder: Answer<string>): Answer<string> {
  if (command.program !== 'cd' && command.program !== 'pushd' && command.program !== 'popd') return folder;
  const [target] = command.words;
  const path = target && literalOf(target);
  if (command.program === 'popd' || command.conditional || path === undefined || /^[-~]/.test(path))
    return unknown;
  return absolutePath(folder, path);
}

/** A path as seen from a folder, `.` and `..` removed; a trailing slash is dropped. */
export function absolutePath(folder: Answer<string>, path: string): Answer<string> {
  if (!path.startsWith('/') && folder.state !== 'known') return unknown;
  const parts: string[] = [];
  for (const part of (path.startsWith('/') || folder.state !== 'known'
    ? path
    : `${folder.value}/${path}`
  ).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return known(`/${parts.join('/')}`);
}
