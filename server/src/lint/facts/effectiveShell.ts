import { type Answer, absent, known, unknown } from '../../project/answer';
import type { Instruction, Stage, StageState } from '../../project/dockerfile/dockerfile';
import { shellInterpreter } from '../../project/dockerfile/interpreter';
import { literalOf } from '../../project/shell/commandArguments';
import { baseOf, instructionsOf, runsOf } from './stageFacts';

export type Shell = 'dash' | 'bash' | 'busybox';

/**
 * The program behind the shell form at a place of a stage: what SHELL names, or what /bin/sh is in the base image.
 * Unknown for a base nobody listed, a stage that replaces /bin/sh, and shells of another kind; absent where the
 * base has no shell. `before` limits the search for replacements to instructions before it.
 */
export function effectiveShell(stage: Stage, state: StageState, before?: Instruction): Answer<Shell> {
  const interpreter = shellInterpreter(state);
  return interpreter.state === 'known' ? shellNamed(interpreter.value, stage, before) : unknown;
}

/** The program behind an interpreter's name in this stage: `sh` is what the base made of it. */
export function shellNamed(interpreter: string, stage: Stage, before?: Instruction): Answer<Shell> {
  switch (interpreter) {
    case 'bash':
    case 'dash':
      return known(interpreter);
    case 'ash':
    case 'busybox':
      return known('busybox');
    case 'sh':
      return replacesSh(stage, before) ? unknown : baseShell(stage);
    default:
      return unknown;
  }
}

function baseShell(stage: Stage): Answer<Shell> {
  const { shell } = baseOf(stage);
  return shell.state === 'known' ? known(shell.value) : shell.state === 'absent' ? absent : unknown;
}

/** `ln -sf /bin/bash /bin/sh`, `dpkg-reconfigure dash`, or a copy over it. */
function replacesSh(stage: Stage, before: Instruction | undefined): boolean {
  const end = before?.span.start ?? Infinity;
  return runsOf(instructionsOf(stage).filter(({ span }) => span.start < end)).some((run) =>
    run.script.commands.some(
      ({ program, words }) =>
        (['ln', 'cp', 'mv', 'update-alternatives'].includes(program) &&
          words.some((word) => /^(?:\/usr)?\/bin\/sh$/.test(literalOf(word) ?? ''))) ||
        (program === 'dpkg-reconfigure' && words.some((word) => literalOf(word) === 'dash')),
    ),
  );
}
