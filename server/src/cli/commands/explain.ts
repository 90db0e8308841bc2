import { rules } from '../../lint/rules';
import type { Command, ExitCode, Invocation } from '../command';
import examples from '../data/ruleExamples.json';
import { usageFailure } from '../failure';

interface Example {
  readonly before: string;
  readonly after?: string;
}

export const command: Command = {
  name: 'explain',
  operands: 'RULE',
  summary: 'Tell why a rule exists and show what it finds',
  flags: { format: { value: 'FORMAT', summary: 'Shape of the report', choices: ['text', 'json'] } },
  run,
};

async function run({ operands, flags, terminal }: Invocation): Promise<ExitCode> {
  const [name] = operands;
  const rule = rules.find(
    (candidate) => candidate.name === name || (name !== undefined && candidate.aliases?.includes(name)),
  );
  if (!rule || operands.length !== 1) {
    throw usageFailure(
      name === undefined
        ? { template: 'No rule is named' }
        : { template: 'There is no rule {name}', with: { name } },
      { template: 'plimsoll explain takes the name of one rule' },
      { template: 'See plimsoll rules' },
    );
  }
  const shown = (examples as Readonly<Record<string, readonly Example[]>>)[rule.name] ?? [];
  const say = (template: string): string => terminal.say({ template });
  if (flags.text('format') === 'json') {
    const { name: ruleName, sources, aliases = [] } = rule;
    terminal.out(
      `${JSON.stringify({ version: 1, name: ruleName, summary: say(rule.summary), why: say(rule.why), next: say(rule.next), sources, aliases, examples: shown }, null, 2)}\n`,
    );
    return 0;
  }
  const lines = [rule.name, '', say(rule.summary), say(rule.why), '', `→ ${say(rule.next)}`, ''];
  for (const { before, after } of shown) {
    lines.push(`${say('Found')}:`, ...indented(before), '');
    if (after !== undefined) lines.push(`${say('After the fix')}:`, ...indented(after), '');
  }
  lines.push(`${say('Sources')}: ${rule.sources.join('; ')}`);
  if (rule.aliases?.length) lines.push(`${say('Known elsewhere as')}: ${rule.aliases.join(', ')}`);
  terminal.out(`${lines.join('\n')}\n`);
  return 0;
}

function indented(text: string): readonly string[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `    ${line}`);
}
