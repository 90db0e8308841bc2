import { folderOf, joinPath } from './projectPath';
import { dockerCommandsIn, mayBuild } from './shellCommands';
import { type StatedBuild, statedByCommand } from './statedBuild';

export function isShellScriptPath(path: string): boolean {
  return /\.(?:sh|bash)$/i.test(path);
}

/**
 * The builds a shell script runs. People start scripts from the project's root, from the script's own folder, or
 * from the one above; which it is shows where the paths exist.
 */
export function shellScriptBuilds(path: string, text: string): readonly StatedBuild[] {
  if (!mayBuild(text)) return [];
  const own = folderOf(path);
  const folders = [...new Set(['', own, joinPath(own, '..') ?? ''])];
  return dockerCommandsIn(text, 0, folders, own).flatMap(({ command, folders }) =>
    command.kind === 'build'
      ? [statedByCommand(command, { kind: 'script', file: path, span: command.span }, folders)]
      : [],
  );
}
