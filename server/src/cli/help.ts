import type { Command } from './command';
import { commonFlags } from './parseCommandLine';
import type { Terminal } from './terminal';

/** The help of one command. */
export function commandHelp(command: Command, terminal: Terminal): string {
  const flags = Object.entries({ ...command.flags, ...commonFlags }).map(([name, flag]) => {
    const dashed = `${name.length === 1 ? '-' : '--'}${name}${flag.value === undefined ? '' : ` ${flag.value}`}`;
    const choices = flag.choices ? ` (${flag.choices.join(' | ')})` : '';
    return [dashed, `${terminal.say({ template: flag.summary })}${choices}`] as const;
  });
  const width = Math.max(...flags.map(([dashed]) => dashed.length)) + 2;
  const usage = terminal.say({ template: 'Usage' });
  return [
    terminal.say({ template: command.summary }),
    '',
    `${usage}: plimsoll ${command.name} ${command.operands}`.trimEnd(),
    '',
    ...flags.map(([dashed, summary]) => `  ${dashed.padEnd(width)}${summary}`),
    '',
  ].join('\n');
}

/** The list of commands. */
export function programHelp(commands: readonly Command[], terminal: Terminal): string {
  const width = Math.max(...commands.map((command) => command.name.length)) + 3;
  return [
    terminal.say({ template: 'Plimsoll: small, safe, fast container images for AI models' }),
    '',
    `${terminal.say({ template: 'Usage' })}: plimsoll COMMAND [...]`,
    '',
    ...commands.map(
      (command) => `  ${command.name.padEnd(width)}${terminal.say({ template: command.summary })}`,
    ),
    '',
    terminal.say({ template: 'plimsoll COMMAND --help tells more' }),
    '',
  ].join('\n');
}
