import type { RunInstruction } from '../../project/dockerfile/dockerfile';

/** `set -e`, or a SHELL with it, is in force at the end of the RUN. */
export function stopsAtFailure(run: RunInstruction): boolean {
  const shell = run.before.shell;
  const byShell = shell.state === 'known' && shell.value.some((word) => /^-[a-z]*e[a-z]*$/.test(word));
  return byShell || run.script.errexitFrom !== undefined;
}
