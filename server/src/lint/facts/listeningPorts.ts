import type { Stage } from '../../project/dockerfile/dockerfile';
import type { Project, PythonDocument } from '../../project/project';
import { listenPorts } from '../../project/python/listenPorts';
import type { Span } from '../../project/span';
import { serverProgram } from '../program';
import { absolutePath } from './commandFolders';
import { copiedFiles } from './copiedFiles';
import { instructionsOf } from './stageFacts';
import { type StartedProgram, startedPrograms } from './startedPrograms';
import { type StartOption, startOptions } from './startOptions';

export interface ListeningPort {
  readonly port: number;
  /** The place that decides, in the Dockerfile where `file` is undefined. */
  readonly file: string | undefined;
  readonly span: Span;
}

/** Programs that open no port of their own. */
const silent = new Set(
  'alembic cd celery dumb-init echo exec exit export gosu mkdir printf rm set sleep su-exec test tini true umask'.split(
    ' ',
  ),
);

/** Servers that have a fixed port when none is given, and the variable that changes it. */
const defaults: Readonly<Record<string, { readonly port: number; readonly variable: string }>> = {
  uvicorn: { port: 8000, variable: 'UVICORN_PORT' },
  'fastapi run': { port: 8000, variable: 'PORT' },
  'flask run': { port: 5000, variable: 'FLASK_RUN_PORT' },
  'streamlit run': { port: 8501, variable: 'STREAMLIT_SERVER_PORT' },
};

/**
 * Every port the container opens by what its start command, or the Python file it starts, says. Undefined when one
 * of the started programs may open a port nobody can tell.
 */
export function listeningPorts(
  stage: Stage,
  dockerfile: string,
  project: Project,
): readonly ListeningPort[] | undefined {
  const ports: ListeningPort[] = [];
  const started = startedPrograms(stage);
  for (const [index, one] of started.entries()) {
    if (silent.has(one.program) || started[index + 1]?.asModule) continue;
    const opened = portsOf(one, stage, dockerfile, project);
    if (!opened) return undefined;
    ports.push(...opened);
  }
  return ports.length > 0 ? ports : undefined;
}

function portsOf(
  started: StartedProgram,
  stage: Stage,
  dockerfile: string,
  project: Project,
): readonly ListeningPort[] | undefined {
  const program = serverProgram([started.program, started.words[0]?.text ?? '']);
  if (program) return portsOfServer(program.program, started, startOptions(started, program), stage);
  if (/^python[\d.]*$/.test(started.program)) return portsOfScript(started, stage, dockerfile, project);
  return undefined;
}

function portsOfServer(
  name: string,
  { word, words }: StartedProgram,
  options: readonly StartOption[],
  stage: Stage,
): readonly ListeningPort[] | undefined {
  const isBinding = name === 'gunicorn' || name === 'hypercorn';
  const flags = isBinding
    ? ['--bind', '-b']
    : name === 'streamlit run'
      ? ['--server.port']
      : ['--port', '-p'];
  const given = options.filter(({ flag }) => flags.includes(flag));
  if (given.length > 0) {
    const ports = given.map((option) => portIn(option, isBinding));
    return ports.every((port) => port !== undefined) ? ports : undefined;
  }
  const fallback = defaults[name];
  const hidden =
    words.some(({ text }) => text === undefined) || !fallback || stage.end.env.has(fallback.variable);
  return hidden ? undefined : [{ port: fallback.port, file: undefined, span: word.span }];
}

function portIn(
  { value, valueWord, joined, flag }: StartOption,
  isBinding: boolean,
): ListeningPort | undefined {
  const digits =
    /^\d{2,5}$/.exec(value ?? '')?.[0] ?? (isBinding ? /:(\d{2,5})$/.exec(value ?? '')?.[1] : undefined);
  if (digits === undefined || !valueWord || (isBinding && /^\d+$/.test(value ?? ''))) return undefined;
  const end = valueWord.span.end;
  const start =
    joined && !valueWord.text?.endsWith(digits) ? valueWord.span.start + flag.length : end - digits.length;
  return { port: Number(digits), file: undefined, span: { start, end } };
}

/** `python serve.py` and `python -m app`: what the file itself opens when it runs. */
function portsOfScript(
  { words }: StartedProgram,
  stage: Stage,
  dockerfile: string,
  project: Project,
): readonly ListeningPort[] | undefined {
  const script = words.find(({ text }) => text === undefined || !text.startsWith('-'));
  if (!script?.text?.endsWith('.py')) return undefined;
  const after = words.slice(words.indexOf(script) + 1);
  if (after.some(({ text }) => text === undefined || /port/i.test(text))) return undefined;
  const file = sourceOf(script.text, stage, dockerfile, project);
  if (!file) return undefined;
  const ports: ListeningPort[] = [];
  for (const { port, server } of listenPorts(file.module)) {
    const environment = port.variable === undefined ? undefined : stage.end.env.get(port.variable);
    const changed = server === 'gradio' ? stage.end.env.get('GRADIO_SERVER_PORT') : undefined;
    const text = (environment ?? changed)?.state === 'known' ? (environment ?? changed) : undefined;
    const value =
      text?.state === 'known'
        ? Number(text.value)
        : port.value.state === 'known'
          ? port.value.value
          : port.fallback;
    if (value === undefined || !Number.isInteger(value) || ((environment ?? changed) && !text))
      return undefined;
    ports.push({ port: value, file: file.path, span: port.span });
  }
  return ports.length > 0 ? ports : undefined;
}

/** The project's file that lies at this path in the image. */
function sourceOf(
  path: string,
  stage: Stage,
  dockerfile: string,
  project: Project,
): PythonDocument | undefined {
  const target = absolutePath(stage.end.workdir, path);
  if (target.state !== 'known') return undefined;
  for (const instruction of instructionsOf(stage).toReversed()) {
    if (instruction.kind !== 'copy') continue;
    const source = copiedFiles(instruction, dockerfile, project)?.find(
      (file) => file.target === target.value,
    )?.source;
    if (source !== undefined) return project.pythonFiles.find((file) => file.path === source);
  }
  return undefined;
}
