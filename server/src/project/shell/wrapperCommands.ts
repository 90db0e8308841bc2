import type { ShellWord } from './shellScript';

/** Programs that run the command in their arguments, and their flags that take a value. */
const wrappers: Readonly<Record<string, readonly string[]>> = {
  sudo: ['-u', '-g', '-h', '-p', '-C', '-r', '-t', '-U', '--user', '--group'],
  env: ['-u', '-C', '--unset', '--chdir'],
  exec: ['-a'],
  command: [],
  builtin: [],
  nohup: [],
  time: ['-f', '-o'],
  nice: ['-n', '--adjustment'],
  ionice: ['-c', '-n'],
  timeout: ['-s', '-k', '--signal', '--kill-after'],
  eatmydata: [],
  gosu: [],
  'su-exec': [],
  stdbuf: ['-i', '-o', '-e'],
  xargs: [
    '-n',
    '-I',
    '-L',
    '-P',
    '-d',
    '-a',
    '-E',
    '-s',
    '--max-args',
    '--max-lines',
    '--max-procs',
    '--delimiter',
    '--arg-file',
  ],
};

/** Programs that run a command in an environment of theirs: `conda run -n env cmd`, `poetry run cmd`. */
const environmentRunners: Readonly<Record<string, readonly string[]>> = {
  conda: ['-n', '--name', '-p', '--prefix', '--cwd'],
  mamba: ['-n', '--name', '-p', '--prefix', '--cwd'],
  micromamba: ['-n', '--name', '-p', '--prefix', '--cwd', '-e', '--env', '-a', '--attach'],
  poetry: [],
  pipenv: [],
  pdm: [],
  uv: [
    '--with',
    '-w',
    '--with-requirements',
    '--with-editable',
    '--extra',
    '--group',
    '--no-group',
    '--only-group',
    '-p',
    '--python',
    '--project',
    '--directory',
    '--index',
    '--default-index',
    '--index-url',
    '--extra-index-url',
    '--env-file',
    '--package',
    '--cache-dir',
    '--link-mode',
  ],
};

/** Wrappers whose first operand is not the command: `timeout 30 cmd`, `gosu user cmd`. */
const leadingOperands: Readonly<Record<string, number>> = { timeout: 1, gosu: 1, 'su-exec': 1 };

/** Takes `sudo`, `env A=b`, `exec`, `poetry run` and their like off a command's words. `words` is not empty. */
export function withoutWrappers(words: readonly ShellWord[]): {
  readonly wrappers: readonly ShellWord[];
  readonly name: ShellWord;
  readonly rest: readonly ShellWord[];
} {
  const taken: ShellWord[] = [];
  let at = 0;
  for (;;) {
    const name = words[at];
    const next = name && wrappedCommandAt(words, at);
    if (!name || next === undefined) break;
    taken.push(name);
    at = next;
  }
  const name = words[at] ?? (words[0] as ShellWord);
  return { wrappers: taken, name, rest: words.slice(at + 1) };
}

/** Index of the command that the wrapper at `at` runs; undefined when there is none or it is no wrapper. */
function wrappedCommandAt(words: readonly ShellWord[], at: number): number | undefined {
  const program = literal(words[at]);
  const name = program?.slice(program.lastIndexOf('/') + 1) ?? '';
  const runsNext = literal(words[at + 1]) === 'run' && Object.hasOwn(environmentRunners, name);
  const valueFlags = runsNext
    ? environmentRunners[name]
    : Object.hasOwn(wrappers, name)
      ? wrappers[name]
      : undefined;
  if (!valueFlags) return undefined;
  let next = at + (runsNext ? 2 : 1);
  for (; next < words.length; next++) {
    const word = literal(words[next]);
    if (word === undefined) break;
    if (word === '--') {
      next++;
      break;
    }
    if (valueFlags.includes(word)) next++;
    else if (!word.startsWith('-') && !(name === 'env' && /^\w+=/.test(word))) break;
  }
  next += leadingOperands[name] ?? 0;
  return next < words.length ? next : undefined;
}

function literal(word: ShellWord | undefined): string | undefined {
  return word?.value.state === 'known' ? word.value.value : undefined;
}
