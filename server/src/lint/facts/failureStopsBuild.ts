import type { RunInstruction } from '../../project/dockerfile/dockerfile';
import { stopsAtFailure } from './stopsAtFailure';

/** The build stops when command number `at` fails: it surely runs, nothing catches its failure, and no later one hides it. */
export function failureStopsBuild(run: RunInstruction, at: number): boolean {
  const { commands } = run.script;
  const command = commands[at];
  if (!command || command.conditional || command.pipesInto) return false;
  const later = commands.slice(at + 1);
  const own = later.filter(({ statement }) => statement === command.statement);
  if (own.some(({ connector }) => connector === '||')) return false;
  return stopsAtFailure(run) || own.length === later.length;
}
