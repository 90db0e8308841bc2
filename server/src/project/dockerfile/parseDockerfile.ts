import { type Answer, absent, known, unknown } from '../answer';
import type { SourceText } from '../sourceText';
import type { Dockerfile, FromInstruction, Instruction, Stage, StageState } from './dockerfile';
import { baseWorkdir } from './baseWorkdir';
import { expandVariables } from './expandVariables';
import { type ImageReference, parseImageReference } from './imageReference';
import { readInstruction } from './readInstruction';
import { splitInstructions } from './splitInstructions';
import { predefinedArgs, stateAfter } from './stageState';

const emptyState: StageState = {
  user: absent,
  userSpan: undefined,
  workdir: unknown,
  shell: absent,
  env: new Map(),
  args: new Map(),
};

/** Reads a Dockerfile into stages with the state before every instruction. Never throws. */
export function parseDockerfile(source: SourceText): Dockerfile {
  const split = splitInstructions(source);
  const instructions: Instruction[] = [];
  const drafts: StageDraft[] = [];
  const globalArgs = new Map<string, Answer<string>>();
  let state = emptyState;
  for (const piece of split.pieces) {
    const instruction = readInstruction(source, piece, split.escape, state, globalArgs);
    instructions.push(instruction);
    if (instruction.kind === 'from') {
      const draft = startStage(instruction, drafts, globalArgs, split.escape);
      drafts.push(draft);
      state = draft.state;
      continue;
    }
    const draft = drafts.at(-1);
    if (!draft) {
      if (instruction.kind === 'assignment' && instruction.keyword === 'ARG') {
        for (const { name, value, valueSpan } of instruction.assignments)
          globalArgs.set(name, valueSpan ? value : absent);
        state = { ...emptyState, args: new Map(globalArgs) };
      }
      continue;
    }
    draft.instructions.push(instruction);
    state = stateAfter(instruction, state, globalArgs);
    draft.state = state;
  }
  const stages = finishStages(drafts);
  return {
    source,
    escape: split.escape,
    directives: split.directives,
    comments: split.comments,
    instructions,
    globalArgs,
    stages,
    finalStage: stages.at(-1),
  };
}

interface StageDraft {
  readonly from: FromInstruction;
  readonly name: string | undefined;
  readonly parentIndex: number | undefined;
  readonly base: Answer<ImageReference>;
  readonly baseFromArgument: boolean;
  readonly instructions: Instruction[];
  state: StageState;
}

function startStage(
  from: FromInstruction,
  earlier: readonly StageDraft[],
  globalArgs: ReadonlyMap<string, Answer<string>>,
  escape: '\\' | '`',
): StageDraft {
  const name = from.nameWord?.value.state === 'known' ? from.nameWord.value.value.toLowerCase() : undefined;
  const word = from.imageWord;
  const text: Answer<string> = word
    ? expandVariables(
        word.raw.replace(/^(["'])(.*)\1$/, '$2'),
        // FROM sees global ARGs and the builder's own; nothing else can set a name there.
        (variable) => globalArgs.get(variable) ?? (predefinedArgs.has(variable) ? unknown : absent),
        escape,
      )
    : unknown;
  const lower = text.state === 'known' ? text.value.toLowerCase() : undefined;
  const found = lower === undefined ? -1 : earlier.findLastIndex((stage) => stage.name === lower);
  const parent = found === -1 ? undefined : earlier[found];
  const argumentWithoutDefault = [...(word?.raw.matchAll(/\$\{?(\w+)/g) ?? [])].some(
    (match) => globalArgs.get(match[1] ?? '')?.state !== 'known',
  );
  const base = parent ? parent.base : baseOf(text);
  return {
    from,
    name,
    parentIndex: parent ? found : undefined,
    base,
    baseFromArgument: parent ? parent.baseFromArgument : text.state === 'unknown' && argumentWithoutDefault,
    instructions: [],
    // A stage inherits the ARGs of the stage it starts from (Docker docs, Build variables, Scoping).
    state: parent ? parent.state : { ...emptyState, workdir: firstWorkdir(base) },
  };
}

function firstWorkdir(base: Answer<ImageReference>): Answer<string> {
  if (base.state === 'known') return baseWorkdir(base.value);
  return base.state === 'absent' ? known('/') : unknown;
}

function baseOf(text: Answer<string>): Answer<ImageReference> {
  if (text.state !== 'known') return unknown;
  if (text.value.toLowerCase() === 'scratch') return absent;
  const reference = parseImageReference(text.value);
  return reference ? known(reference) : unknown;
}

function finishStages(drafts: readonly StageDraft[]): readonly Stage[] {
  const shipped = new Set<number>();
  for (
    let at: number | undefined = drafts.length - 1;
    at !== undefined && at >= 0;
    at = drafts[at]?.parentIndex
  )
    shipped.add(at);
  const stages: Stage[] = [];
  for (const [index, draft] of drafts.entries()) {
    const parent = draft.parentIndex === undefined ? undefined : stages[draft.parentIndex];
    const own = draft.instructions.filter((instruction) => !instruction.onbuild);
    const entrypoint = own.findLast(
      (instruction) => instruction.kind === 'command' && instruction.keyword === 'ENTRYPOINT',
    );
    const cmd = own.findLast(
      (instruction) => instruction.kind === 'command' && instruction.keyword === 'CMD',
    );
    const healthcheck = own.findLast((instruction) => instruction.kind === 'healthcheck');
    stages.push({
      index,
      from: draft.from,
      name: draft.name,
      parent,
      base: draft.base,
      baseFromArgument: draft.baseFromArgument,
      instructions: draft.instructions,
      end: draft.state,
      shipped: shipped.has(index),
      // An ENTRYPOINT of this stage resets the CMD it inherited (Dockerfile reference, CMD and ENTRYPOINT).
      cmd: cmd?.kind === 'command' ? cmd : entrypoint ? undefined : parent?.cmd,
      entrypoint: entrypoint?.kind === 'command' ? entrypoint : parent?.entrypoint,
      healthcheck: healthcheck?.kind === 'healthcheck' ? healthcheck : parent?.healthcheck,
    });
  }
  return stages;
}
