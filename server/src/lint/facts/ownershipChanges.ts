import { type Answer, unknown } from '../../project/answer';
import type { RunInstruction } from '../../project/dockerfile/dockerfile';
import { literalOf } from '../../project/shell/commandArguments';
import type { ShellCommand, ShellWord } from '../../project/shell/shellScript';
import { absolutePath, commandFolders } from './commandFolders';

/** One path that `chown`, `chgrp` or `chmod` changes. */
export interface OwnershipChange {
  readonly command: ShellCommand;
  readonly program: 'chown' | 'chgrp' | 'chmod';
  readonly recursive: boolean;
  readonly recursiveFlag: ShellWord | undefined;
  /** `user:group` or the mode; undefined for `--reference`. */
  readonly to: ShellWord | undefined;
  readonly word: ShellWord;
  /** Absolute; a glob is kept. */
  readonly path: Answer<string>;
  /** Paths that the same command names beside this one. */
  readonly others: number;
}

/** The owner, group and mode changes of a RUN that surely happen. */
export function ownershipChanges(run: RunInstruction): readonly OwnershipChange[] {
  if (run.onbuild) return [];
  const folders = commandFolders(run);
  return run.script.commands.flatMap((command): readonly OwnershipChange[] => {
    const { program, words, conditional } = command;
    if ((program !== 'chown' && program !== 'chgrp' && program !== 'chmod') || conditional) return [];
    const flags = words.filter((word) => isFlag(word, program));
    const [first, ...rest] = words.filter((word) => !isFlag(word, program));
    const byReference = flags.some((word) => word.raw.startsWith('--reference'));
    const paths = byReference && first ? [first, ...rest] : rest;
    const recursiveFlag = flags.find((word) => word.raw === '--recursive' || /^-[a-zA-Z]*R/.test(word.raw));
    return paths.map((word) => {
      const text = literalOf(word);
      const folder = folders.get(command) ?? unknown;
      return {
        command,
        program,
        recursive: recursiveFlag !== undefined,
        recursiveFlag,
        to: byReference ? undefined : first,
        word,
        path: text === undefined || text.startsWith('~') ? unknown : absolutePath(folder, text),
        others: paths.length - 1,
      };
    });
  });
}

/** `-R`, `-v`, `--from=x`; `chmod -x file` removes a permission and is no flag. */
function isFlag(word: ShellWord, program: string): boolean {
  return word.raw.startsWith('--') || (program === 'chmod' ? /^-[Rcfv]+$/ : /^-\w/).test(word.raw);
}
