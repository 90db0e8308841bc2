import { type Answer, known, unknown } from '../answer';
import type { StageState } from './dockerfile';

/** Last path part without `.exe`, lower case. */
function programName(path: string): string {
  return path
    .slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
    .toLowerCase()
    .replace(/\.exe$/, '');
}

/** The program that runs shell-form text in this state. Absent SHELL means `/bin/sh`. */
export function shellInterpreter(state: StageState): Answer<string> {
  if (state.shell.state === 'unknown') return unknown;
  const first = state.shell.state === 'known' ? state.shell.value[0] : '/bin/sh';
  return first === undefined ? unknown : known(programName(first));
}

/** `#!/usr/bin/env python3` at the head of a here-document names its interpreter. */
export function shebangInterpreter(body: string): string | undefined {
  const line = /^\s*#![ \t]*(\S+)(?:[ \t]+(\S+))?/.exec(body);
  if (!line?.[1]) return undefined;
  const program = programName(line[1]);
  return program === 'env' && line[2] ? programName(line[2]) : program;
}

/** Shells whose text our shell reader understands. */
export function isPosixLike(interpreter: string): boolean {
  return /^(ba|da|a|z|k|mk)?sh$/.test(interpreter) || interpreter === 'busybox';
}
