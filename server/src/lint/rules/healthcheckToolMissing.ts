import type { HealthcheckInstruction, Stage, StartCommand } from '../../project/dockerfile/dockerfile';
import type { ShellCommand } from '../../project/shell/shellScript';
import type { SourceText } from '../../project/sourceText';
import type { Span } from '../../project/span';
import { hasProgram, type Installed, installedIn } from '../facts/installedPrograms';
import type { StartWord } from '../facts/startedPrograms';
import { pythonRequest, urlCheck } from '../facts/urlCheck';
import { defineRule, type HitFix } from '../rule';

/** Tools that checks call and that slim images lack. */
const tools = new Set(['curl', 'wget', 'nc', 'ps', 'pgrep', 'jq']);

export const healthcheckToolMissing = defineRule({
  name: 'healthcheck-tool-missing',
  on: 'dockerfile',
  concern: 'serving',
  severity: 'error',
  summary: 'HEALTHCHECK calls a tool that the image does not have.',
  why: 'The check fails every time: the container is unhealthy for ever, and whatever waits for it or restarts it acts on that.',
  next: 'Ask the service with something the image has, such as Python, or install the tool.',
  sources: ['Dockerfile reference, HEALTHCHECK', 'Contents of the base images, by family'],
  fixKind: 'derived',
  *check({ dockerfile, project }) {
    const stage = dockerfile.finalStage;
    const command = stage?.healthcheck?.command;
    if (!stage || !stage.healthcheck || !command) return;
    const called = calledTools(command);
    if (called.length === 0) return;
    const installed = installedIn(stage, dockerfile.source.path, project);
    const missing = called.filter(({ tool }) => hasProgram(stage, installed, tool).state === 'absent');
    // `curl ... || wget ...`: one of them is enough.
    const alternatives = called.slice(1).some(({ command: shell }) => shell?.connector === '||');
    if (alternatives && missing.length < called.length) return;
    for (const one of missing) {
      const fix =
        called.length === 1
          ? pythonFix(stage, installed, stage.healthcheck, one, dockerfile.source)
          : undefined;
      yield {
        span: one.span,
        what: 'The image has no {tool}: this check fails every time',
        with: { tool: one.tool },
        ...(fix ? { fix } : {}),
      };
    }
  },
});

interface CalledTool {
  readonly tool: string;
  readonly span: Span;
  /** Undefined in JSON form. */
  readonly command: ShellCommand | undefined;
}

function calledTools({ script, words }: StartCommand): readonly CalledTool[] {
  if (script) {
    return script.commands
      .filter(({ program }) => tools.has(program))
      .map((command) => ({
        tool: command.program,
        span: { start: command.name.span.end - command.program.length, end: command.name.span.end },
        command,
      }));
  }
  const [first] = words;
  const path = first?.value.state === 'known' ? first.value.value : '';
  const tool = path.slice(path.lastIndexOf('/') + 1);
  if (!first || !tools.has(tool)) return [];
  return [
    { tool, span: { start: first.span.end - 1 - tool.length, end: first.span.end - 1 }, command: undefined },
  ];
}

/** The same request from Python, where the image has one for certain. */
function pythonFix(
  stage: Stage,
  installed: Installed,
  { command }: HealthcheckInstruction,
  { tool, command: shell }: CalledTool,
  source: SourceText,
): HitFix | undefined {
  const python = ['python', 'python3'].find((name) => hasProgram(stage, installed, name).state === 'known');
  if (!command || python === undefined || (tool !== 'curl' && tool !== 'wget')) return undefined;
  if (shell && (shell.nested || shell.wrappers.length > 0 || shell.pipesInto || command.form === 'exec'))
    return undefined;
  const unquoted = (span: Span): string => source.slice(span).replace(/^(["'])(.*)\1$/, '$2');
  const words: readonly StartWord[] = shell
    ? shell.words.map(({ span }) => ({ span, text: undefined }))
    : command.words.slice(1).map(({ span }) => ({ span, text: undefined }));
  const check = urlCheck(tool, words, ({ span }) => unquoted(span));
  if (!check) return undefined;
  const request = pythonRequest(check);
  return {
    kind: check.failsOnError ? 'safe' : 'derived',
    title: 'Ask with {python} instead of {tool}',
    with: { python, tool },
    edits: [
      shell
        ? { span: requestSpan(shell), newText: `${python} -c "${request}"` }
        : { span: command.span, newText: JSON.stringify([python, '-c', request]).replaceAll('","', '", "') },
    ],
  };
}

/** From the tool's name to its last word; what follows it, a redirection of its output too, is taken along. */
function requestSpan({ name, words, redirections }: ShellCommand): Span {
  const ends = [...words, ...redirections].map(({ span }) => span.end);
  return { start: name.span.start, end: Math.max(name.span.end, ...ends) };
}
