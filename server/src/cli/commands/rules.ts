import { rules } from '../../lint/rules';
import type { Command, ExitCode, Invocation } from '../command';

export const command: Command = {
  name: 'rules',
  operands: '',
  summary: 'List every rule',
  flags: { format: { value: 'FORMAT', summary: 'Shape of the report', choices: ['text', 'json'] } },
  run,
};

async function run({ flags, terminal }: Invocation): Promise<ExitCode> {
  const listed = rules.map((rule) => ({
    name: rule.name,
    concern: rule.concern,
    severity: rule.severity,
    summary: terminal.say({ template: rule.summary }),
    aliases: rule.aliases ?? [],
    ...(rule.fixKind ? { fixKind: rule.fixKind } : {}),
    profiles: rule.profiles ?? ['recommended', 'strict'],
  }));
  if (flags.text('format') === 'json') {
    terminal.out(`${JSON.stringify({ version: 1, rules: listed }, null, 2)}\n`);
    return 0;
  }
  const width = Math.max(...listed.map(({ name }) => name.length)) + 2;
  for (const { name, severity, summary } of listed)
    terminal.out(`${name.padEnd(width)}${severity.padEnd(9)}${summary}\n`);
  return 0;
}
