import type { Command, ExitCode, Invocation } from '../command';
import { doctorChecks } from '../doctor/checks';

export const command: Command = {
  name: 'doctor',
  operands: '',
  summary: 'Tell what this machine has and lacks, before anything is tried',
  flags: { format: { value: 'FORMAT', summary: 'Shape of the report', choices: ['text', 'json'] } },
  run,
};

/** A missing part is an answer, not a failure: the exit code is 0. */
async function run({ flags, terminal }: Invocation): Promise<ExitCode> {
  const checks = (await doctorChecks(process.cwd())).map(({ what, next, ...check }) => ({
    ...check,
    ...(what ? { what: terminal.say(what) } : {}),
    ...(next ? { next: terminal.say(next) } : {}),
  }));
  if (flags.text('format') === 'json') {
    terminal.out(`${JSON.stringify({ version: 1, checks }, null, 2)}\n`);
    return 0;
  }
  const width = Math.max(...checks.map(({ name }) => name.length)) + 2;
  for (const { name, ok, found, what, next } of checks) {
    const mark = ok ? '✓' : '✗';
    terminal.out(
      `${mark} ${name.padEnd(width)}${found ?? ''}${found !== undefined && what !== undefined ? '  ' : ''}${what ?? ''}\n`,
    );
    if (next !== undefined) terminal.out(`  ${' '.repeat(width)}→ ${next}\n`);
  }
  return 0;
}
