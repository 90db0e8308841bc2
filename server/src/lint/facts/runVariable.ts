import { type Answer, absent, known, unknown } from '../../project/answer';
import type { RunInstruction } from '../../project/dockerfile/dockerfile';
import { literalOf } from '../../project/shell/commandArguments';
import type { ShellCommand } from '../../project/shell/shellScript';
import type { SourceText } from '../../project/sourceText';
import { literalPattern } from './literalPattern';

/**
 * The environment variable a command of a RUN sees: set before the command itself, exported earlier in the RUN, or
 * by ENV or ARG. Absent when none of them sets it, in which case the base image may.
 */
export function runVariable(
  run: RunInstruction,
  command: ShellCommand,
  name: string,
  source: SourceText,
): Answer<string> {
  const own = command.assignments.find((assignment) => assignment.name === name);
  if (own) return own.value;
  const before = source.text.slice(command.span.start, command.name.span.start);
  const byEnv = new RegExp(`(?:^|\\s)${literalPattern(name)}=(\\S*)`).exec(before)?.[1];
  if (byEnv !== undefined)
    return byEnv.includes('$') ? unknown : known(byEnv.replace(/^(["'])(.*)\1$/, '$2'));
  const { commands } = run.script;
  const at = commands.indexOf(command);
  const exported = commands
    .slice(0, at)
    .filter(({ program }) => program === 'export')
    .flatMap(({ words }) => words)
    .findLast((word) => word.raw.startsWith(`${name}=`));
  if (exported) {
    const text = literalOf(exported);
    return text === undefined ? unknown : known(text.slice(name.length + 1));
  }
  const environment = run.before.env.get(name);
  if (environment) return environment;
  const argument = run.before.args.get(name);
  // An ARG without a default is there for whoever builds.
  return argument ? (argument.state === 'absent' ? unknown : argument) : absent;
}
