import { type Answer, absent, known, unknown } from '../answer';
import type { Instruction, StageState } from './dockerfile';

/** Build arguments that BuildKit sets by itself; their values depend on who builds. */
export const predefinedArgs: ReadonlySet<string> = new Set([
  'TARGETPLATFORM',
  'TARGETOS',
  'TARGETARCH',
  'TARGETVARIANT',
  'BUILDPLATFORM',
  'BUILDOS',
  'BUILDARCH',
  'BUILDVARIANT',
  'TARGETSTAGE',
]);

/** The state after an instruction; the same object when it changes nothing. */
export function stateAfter(
  instruction: Instruction,
  state: StageState,
  globalArgs: ReadonlyMap<string, Answer<string>>,
): StageState {
  if (instruction.onbuild) return state;
  if (instruction.kind === 'assignment' && instruction.keyword === 'ENV') {
    const env = new Map(state.env);
    for (const { name, value } of instruction.assignments) env.set(name, value);
    return { ...state, env };
  }
  if (instruction.kind === 'assignment' && instruction.keyword === 'ARG') {
    const args = new Map(state.args);
    for (const { name, value, valueSpan } of instruction.assignments) {
      const predefined: Answer<string> = predefinedArgs.has(name) ? unknown : absent;
      args.set(name, valueSpan ? value : (globalArgs.get(name) ?? predefined));
    }
    return { ...state, args };
  }
  if (instruction.kind !== 'words') return state;
  const [first] = instruction.words;
  switch (instruction.keyword) {
    case 'USER':
      return first ? { ...state, user: first.value, userSpan: first.span } : state;
    case 'WORKDIR':
      return { ...state, workdir: joinFolder(state.workdir, first?.value ?? unknown) };
    case 'SHELL': {
      const words = instruction.words.map((word) => (word.value.state === 'known' ? word.value.value : ''));
      return { ...state, shell: instruction.form === 'exec' ? known(words) : unknown };
    }
    default:
      return state;
  }
}

/** Value of a variable for expansions in this state: ENV wins over ARG; undeclared and valueless are unknown. */
export function variableIn(state: StageState): (name: string) => Answer<string> {
  return (name) => {
    const env = state.env.get(name);
    if (env) return env;
    const arg = state.args.get(name);
    return arg?.state === 'known' ? arg : unknown;
  };
}

function joinFolder(from: Answer<string>, to: Answer<string>): Answer<string> {
  if (to.state !== 'known') return unknown;
  if (/^([A-Za-z]:)?[\\/]/.test(to.value)) return known(normalFolder(to.value));
  return from.state === 'known' ? known(normalFolder(`${from.value}/${to.value}`)) : unknown;
}

/** Removes `.`, `..`, double and trailing slashes of an absolute path; a Windows path stays as written. */
export function normalFolder(path: string): string {
  if (/^[A-Za-z]:/.test(path)) return path;
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}
