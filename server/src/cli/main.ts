import type { Command, ExitCode } from './command';
import { Failure, usageFailure } from './failure';
import { languageOf, openTerminal, type Terminal } from './terminal';

/** Every command, loaded when called. */
const commands: Readonly<Record<string, () => Promise<{ readonly command: Command }>>> = {
  lint: () => import('./commands/lint'),
  rules: () => import('./commands/rules'),
  explain: () => import('./commands/explain'),
  quantize: () => import('./commands/quantize'),
  verify: () => import('./commands/verify'),
  model: () => import('./commands/model'),
  doctor: () => import('./commands/doctor'),
  lsp: () => import('./commands/lsp'),
};

async function main(words: readonly string[]): Promise<ExitCode> {
  const langAt = words.findIndex((word) => word === '--lang' || word.startsWith('--lang='));
  const wished = langAt === -1 ? undefined : (words[langAt]?.split('=')[1] ?? words[langAt + 1]);
  const terminal = openTerminal(languageOf(wished, process.env), __dirname);
  try {
    return await dispatch(words, terminal);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    terminal.tell(error.problem);
    return 2;
  }
}

async function dispatch(words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [name, ...rest] = words;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help')
    return programHelpOn(terminal, name === undefined ? 2 : 0);
  if (name === '--version') {
    const { programVersion } = await import('./programVersion');
    terminal.out(`${programVersion()}\n`);
    return 0;
  }
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!load) {
    throw usageFailure(
      { template: 'There is no command {name}', with: { name } },
      { template: 'plimsoll knows {commands}', with: { commands: Object.keys(commands).join(', ') } },
      { template: 'See plimsoll --help' },
    );
  }
  const { command } = await load();
  const { parseCommandLine } = await import('./parseCommandLine');
  if (rest.includes('--help') || rest.includes('-h')) {
    const { commandHelp } = await import('./help');
    terminal.out(commandHelp(command, terminal));
    return 0;
  }
  return command.run({ ...parseCommandLine(command, rest), terminal });
}

async function programHelpOn(terminal: Terminal, code: ExitCode): Promise<ExitCode> {
  const { programHelp } = await import('./help');
  const loaded = await Promise.all(Object.values(commands).map((load) => load()));
  const text = programHelp(
    loaded.map(({ command }) => command),
    terminal,
  );
  if (code === 0) terminal.out(text);
  else terminal.err(text);
  return code;
}

process.on('SIGINT', () => process.exit(130));
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // `plimsoll lint | head` closes the pipe early: no reason to complain.
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

function exitWith(code: ExitCode): void {
  process.exitCode = code;
}

/** A fault of ours: said as such, with its stack only when asked for. */
function exitBroken(error: unknown): void {
  const what = error instanceof Error ? error.message : String(error);
  process.stderr.write(
    `plimsoll: ${what}. This is a fault of Plimsoll. Please report it with the command you ran.\n`,
  );
  if (process.env['PLIMSOLL_DEBUG'] && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  process.exitCode = 2;
}

void main(process.argv.slice(2)).then(exitWith, exitBroken);
