import { type Answer, absent, known, unknown } from '../answer';
import type { Span } from '../span';
import type {
  PythonArgument,
  PythonAssignment,
  PythonCall,
  PythonModule,
  PythonPlace,
  PythonSubscript,
  PythonValue,
} from './pythonModule';

/** The argument by keyword, else the one at that position; undefined when neither is given or a spread hides it. */
export function argument(call: PythonCall, name: string, position?: number): PythonArgument | undefined {
  const named = call.arguments.find((one) => one.name === name);
  if (named || position === undefined) return named;
  const positional = call.arguments.filter((one) => one.name === undefined && one.spread !== '**');
  const spread = positional.findIndex((one) => one.spread === '*');
  return spread !== -1 && spread <= position ? undefined : positional[position];
}

/** Whether arguments may be given that the text does not show. */
export function hasSpread(call: PythonCall): boolean {
  return call.arguments.some((one) => one.spread !== undefined);
}

/**
 * The value behind names: a name that is assigned exactly once, at the top of the module or in the same
 * function, stands for what it is assigned.
 */
export function assignedValue(module: PythonModule, value: PythonValue, place: PythonPlace): PythonValue {
  let at = value;
  for (let steps = 0; at.kind === 'name' && steps < 8; steps++) {
    const { path } = at;
    if (place.function?.parameters.some((parameter) => parameter.name === path)) return at;
    const all = lookup(module).assignments.get(path) ?? [];
    const own = all.filter((one) => one.place.function === place.function);
    const [only, ...others] = own.length > 0 ? own : all.filter((one) => one.place.function === undefined);
    if (!only?.value || others.length > 0) return at;
    at = only.value;
  }
  return at;
}

/** The text of an argument; absent when it is not given, unknown when it is no constant. */
export function textAnswer(
  module: PythonModule,
  given: PythonArgument | PythonValue | undefined,
  place: PythonPlace,
): Answer<string> {
  if (!given) return absent;
  const value = assignedValue(module, 'kind' in given ? given : given.value, place);
  return value.kind === 'text' ? known(value.value) : value.kind === 'none' ? absent : unknown;
}

/** A boolean argument, as `textAnswer`. */
export function booleanAnswer(
  module: PythonModule,
  given: PythonArgument | undefined,
  place: PythonPlace,
): Answer<boolean> {
  if (!given) return absent;
  const value = assignedValue(module, given.value, place);
  return value.kind === 'boolean' ? known(value.value) : unknown;
}

/** A number that the text gives, or that an environment variable may change. */
export interface PythonNumber {
  readonly value: Answer<number>;
  /** The environment variable that decides, where one does; `value` is then unknown. */
  readonly variable: string | undefined;
  /** What holds when the variable is not set. */
  readonly fallback: number | undefined;
  readonly span: Span;
}

/** A number behind names, `int(...)`, `os.environ.get("X", 1)` and `... or 1`. */
export function numberAnswer(module: PythonModule, value: PythonValue, place: PythonPlace): PythonNumber {
  const { span } = value;
  const is = (answer: Answer<number>): PythonNumber => ({
    value: answer,
    variable: undefined,
    fallback: undefined,
    span,
  });
  const at = assignedValue(module, value, place);
  if (at.kind === 'number') return is(known(at.value));
  if (at.kind === 'text' && /^\s*\d{1,9}\s*$/.test(at.value)) return is(known(Number(at.value)));
  if (at.kind === 'choice') {
    const [first, last] = at.options.map((option) => numberAnswer(module, option, place));
    if (first?.variable === undefined) return is(unknown);
    const fallback = first.fallback ?? (last?.value.state === 'known' ? last.value.value : undefined);
    return { ...first, fallback, span };
  }
  const environment = environmentRead(module, at);
  if (environment) {
    const fallback = environment.fallback && numberAnswer(module, environment.fallback, place).value;
    return {
      value: unknown,
      variable: environment.name.state === 'known' ? environment.name.value : undefined,
      fallback: fallback?.state === 'known' ? fallback.value : undefined,
      span,
    };
  }
  const inner = at.kind === 'call' && at.call.callee === 'int' ? at.call.arguments[0]?.value : undefined;
  return inner ? { ...numberAnswer(module, inner, place), span } : is(unknown);
}

/** `os.environ.get("X", ...)`, `os.getenv("X")`, `os.environ["X"]` as a value. */
function environmentRead(
  module: PythonModule,
  value: PythonValue,
): { readonly name: Answer<string>; readonly fallback: PythonValue | undefined } | undefined {
  if (value.kind === 'call' && environmentGetters.has(value.call.callee)) {
    const { call } = value;
    return {
      name: textAnswer(module, argument(call, 'key', 0), call.place),
      fallback: argument(call, 'default', 1)?.value,
    };
  }
  if (value.kind !== 'other') return undefined;
  const subscript = module.subscripts.find(
    (one) =>
      one.of === 'os.environ' && one.span.start === value.span.start && one.span.end === value.span.end,
  );
  return subscript && { name: textAnswer(module, subscript.index, subscript.place), fallback: undefined };
}

interface Lookup {
  readonly assignments: ReadonlyMap<string, readonly PythonAssignment[]>;
  /** `os.environ["X"]` by where it starts. */
  readonly environment: ReadonlyMap<number, PythonSubscript>;
}

const lookups = new WeakMap<PythonModule, Lookup>();

/** Indexes made on the first question, so that many questions about a long file stay linear. */
function lookup(module: PythonModule): Lookup {
  const present = lookups.get(module);
  if (present) return present;
  const assignments = new Map<string, PythonAssignment[]>();
  for (const assignment of module.assignments) {
    const same = assignments.get(assignment.target);
    if (same) same.push(assignment);
    else assignments.set(assignment.target, [assignment]);
  }
  const environment = new Map(
    module.subscripts.filter((one) => one.of === 'os.environ').map((one) => [one.span.start, one]),
  );
  const made = { assignments, environment };
  lookups.set(module, made);
  return made;
}

export const environmentGetters: ReadonlySet<string> = new Set([
  'os.environ.get',
  'os.getenv',
  'os.environ.pop',
]);
