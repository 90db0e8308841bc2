import { type Answer, absent, known, unknown } from '../answer';
import type { Dockerfile, Stage, StartCommand } from '../dockerfile/dockerfile';
import type { ClassifiedDockerfile } from './classifyDockerfile';

/** What classification looks at in a parsed Dockerfile. `target` is the stage a build names, any case. */
export function classifiedDockerfile(dockerfile: Dockerfile, target?: string): ClassifiedDockerfile {
  const named =
    target === undefined ? undefined : dockerfile.stages.find(({ name }) => name === target.toLowerCase());
  const stage = named ?? dockerfile.finalStage;
  const chain = stage ? [...chainOf(stage)] : [];
  const root = chain.at(-1);
  return {
    path: dockerfile.source.path,
    text: dockerfile.source.text,
    stageName: stage?.name,
    base: baseOf(stage),
    baseVariable: root?.baseFromArgument ? (variableIn(root.from.imageWord?.raw ?? '') ?? '') : undefined,
    command: commandOf(stage),
    exposesPort: chain.some(({ instructions }) =>
      instructions.some((instruction) => instruction.keyword === 'EXPOSE'),
    ),
    hasHealthcheck: stage?.healthcheck?.command !== undefined,
  };
}

function* chainOf(stage: Stage): Generator<Stage> {
  for (let at: Stage | undefined = stage; at; at = at.parent) yield at;
}

function baseOf(stage: Stage | undefined): Answer<string> {
  if (!stage || stage.base.state === 'unknown') return unknown;
  return known(stage.base.state === 'absent' ? 'scratch' : stage.base.value.text);
}

function variableIn(raw: string): string | undefined {
  return /\$\{?([A-Za-z_]\w*)/.exec(raw)?.[1];
}

/** ENTRYPOINT's words before CMD's; CMD adds nothing to an ENTRYPOINT in shell form. */
function commandOf(stage: Stage | undefined): Answer<readonly string[]> {
  const entrypoint = stage?.entrypoint?.command;
  const cmd = stage?.cmd?.command;
  if (!entrypoint && !cmd) return absent;
  const parts = [entrypoint, entrypoint?.form === 'shell' ? undefined : cmd].map((part) => wordsOf(part));
  if (parts.includes(undefined)) return unknown;
  return known(parts.flatMap((words) => words ?? []));
}

/** Undefined when a word is unknown. */
function wordsOf(command: StartCommand | undefined): readonly string[] | undefined {
  if (!command) return [];
  const first = command.form === 'shell' ? command.script?.commands[0] : undefined;
  const words = first ? [first.name, ...first.words] : command.words;
  const values = words.map(({ value }) => (value.state === 'known' ? value.value : undefined));
  return values.every((value) => value !== undefined) ? values : undefined;
}
