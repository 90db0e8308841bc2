import type { Dockerfile } from '../../project/dockerfile/dockerfile';
import { type Installed, installedIn } from '../facts/installedPrograms';
import { nearestName } from '../facts/nearestName';
import { purposeOf } from '../facts/stageFacts';
import { type StartedProgram, startedPrograms } from '../facts/startedPrograms';
import { type StartOption, startOptions } from '../facts/startOptions';
import { hasFlag, type ServerProgram, serverProgram } from '../program';
import { defineRule, type HitFix, type SpanEdit } from '../rule';

/** What people mean by an option of another server. */
const meant: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  gunicorn: { '--host': '--bind', '--port': '--bind', '--worker': '--workers', '--reload-dir': '--reload' },
  hypercorn: { '--host': '--bind', '--port': '--bind' },
  uvicorn: { '-w': '--workers', '--worker': '--workers', '-b': '--host', '--bind': '--host' },
  'fastapi run': { '-w': '--workers' },
  'streamlit run': {
    '--port': '--server.port',
    '--host': '--server.address',
    '--address': '--server.address',
  },
  'waitress-serve': { '--bind': '--listen' },
};

export const commandFlagUnknownToProgram = defineRule({
  name: 'command-flag-unknown-to-program',
  on: 'dockerfile',
  concern: 'start',
  severity: 'error',
  summary: 'CMD or ENTRYPOINT gives the server an option that it does not have.',
  why: 'The server prints a usage error and the container ends as soon as it starts.',
  next: 'Use the option this server has for it, or take it out.',
  sources: [
    'Option parsers of the packages on PyPI, several versions of each',
    'Measured: exit status of each server with an unknown option',
  ],
  fixKind: 'derived',
  *check({ dockerfile, project }) {
    const stage = dockerfile.finalStage;
    if (!stage || purposeOf(dockerfile).purpose !== 'serving') return;
    for (const started of startedPrograms(stage)) {
      const program = serverProgram([started.program, started.words[0]?.text ?? '']);
      if (!program) continue;
      const options = startOptions(started, program);
      const wrong = options.filter(({ flag }) => !hasFlag(program, flag) && !isCluster(program, flag));
      if (wrong.length === 0 || isNewer(program, installedIn(stage, dockerfile.source.path, project)))
        continue;
      for (const option of wrong) {
        const suggestion =
          meant[program.program]?.[option.flag] ?? nearestName(option.flag, program.flags.keys());
        const fix = fixFor(dockerfile, started, program, options, option, suggestion);
        yield {
          span: option.flagSpan,
          what:
            suggestion === undefined
              ? '{program} has no option {flag}'
              : '{program} has no option {flag}; it has {suggestion}',
          with: { program: started.program, flag: option.flag, ...(suggestion ? { suggestion } : {}) },
          ...(fix ? { fix } : {}),
        };
      }
    }
  },
});

/** `-Dw`: argparse reads letters behind one dash one by one. */
function isCluster({ flags }: ServerProgram, flag: string): boolean {
  return /^-[a-zA-Z]$/.test(flag) && flags.has(flag);
}

/** The image pins a version newer than any that was asked: it may have learnt the option. */
function isNewer(program: ServerProgram, installed: Installed): boolean {
  const version = installed.python.find(({ name }) => name === program.package)?.version;
  const last = program.versions.at(-1);
  if (version === undefined || last === undefined) return false;
  const [ours, theirs] = [version, last].map((text) => text.split('.').map(Number));
  for (let at = 0; at < 3; at++) {
    const difference = (ours?.[at] ?? 0) - (theirs?.[at] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}

function fixFor(
  dockerfile: Dockerfile,
  started: StartedProgram,
  program: ServerProgram,
  options: readonly StartOption[],
  option: StartOption,
  suggestion: string | undefined,
): HitFix | undefined {
  if (suggestion === '--bind' && (option.flag === '--host' || option.flag === '--port'))
    return bindFix(dockerfile, started, options);
  if (suggestion === undefined || /^(?:-b|--bind)$/.test(option.flag)) return undefined;
  if (options.some(({ flag }) => flag === suggestion)) return undefined;
  const takesValue = program.flags.get(suggestion)?.takesValue ?? false;
  if (takesValue !== (option.valueWord !== undefined || /^[^-]/.test(nextText(started, option))))
    return undefined;
  return {
    kind: 'derived',
    title: 'Write {suggestion}',
    with: { suggestion },
    edits: [
      {
        span: option.flagSpan,
        newText: option.joined && option.flag.length === 2 ? `${suggestion}=` : suggestion,
      },
    ],
  };
}

function nextText({ words }: StartedProgram, { word }: StartOption): string {
  return words[words.indexOf(word) + 1]?.text ?? '-';
}

/** `--host H --port P` as `--bind H:P`, in the place of the first; a missing half is gunicorn's and hypercorn's default. */
function bindFix(
  { source }: Dockerfile,
  { form }: StartedProgram,
  options: readonly StartOption[],
): HitFix | undefined {
  const given = options.filter(({ flag }) => flag === '--host' || flag === '--port');
  const [first, second] = given;
  if (!first || given.length > 2 || options.some(({ flag }) => flag === '--bind' || flag === '-b'))
    return undefined;
  if (given.some(({ valueWord }) => !valueWord) || (second && second.flag === first.flag)) return undefined;
  const textOf = (flag: string): string | undefined => {
    const option = given.find((candidate) => candidate.flag === flag);
    if (!option?.valueWord) return undefined;
    const text = source.slice(option.valueWord.span);
    return option.joined ? text.slice(flag.length + 1) : text;
  };
  const address = `${textOf('--host') ?? '0.0.0.0'}:${textOf('--port') ?? '8000'}`;
  const quote = form === 'exec' ? 1 : 0;
  const edits: SpanEdit[] = first.joined
    ? [{ span: first.word.span, newText: `--bind=${address}` }]
    : [
        { span: first.flagSpan, newText: '--bind' },
        { span: first.valueWord?.span ?? first.flagSpan, newText: address },
      ];
  if (second?.valueWord) {
    const span = { start: second.previous.span.end + quote, end: second.valueWord.span.end + quote };
    // Over a continued line the comma or backslash between may be the line's own.
    if (source.slice(span).includes('\n') && form === 'shell') return undefined;
    edits.push({ span, newText: '' });
  }
  return {
    kind: second ? 'safe' : 'derived',
    title: 'Write --bind {address}',
    with: { address },
    edits,
  };
}
