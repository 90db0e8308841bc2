import type { Answer } from '../answer';
import type { Span } from '../span';
import { argument, environmentGetters, textAnswer } from './pythonAnswers';
import type { PythonModule, PythonPlace, PythonValue } from './pythonModule';

/** An environment variable the program reads, or sets for itself. */
export interface EnvironmentUse {
  readonly name: Answer<string>;
  /** What holds when it is not set; undefined where the program then fails or gets None. */
  readonly fallback: PythonValue | undefined;
  /** The program stops when it is not set: `os.environ["X"]`. */
  readonly isRequired: boolean;
  readonly isWritten: boolean;
  readonly span: Span;
  readonly place: PythonPlace;
}

export function* environmentUses(module: PythonModule): Generator<EnvironmentUse> {
  for (const call of module.calls) {
    const { place, span } = call;
    const sets = call.callee === 'os.environ.setdefault' || call.callee === 'os.putenv';
    if (!sets && !environmentGetters.has(call.callee)) continue;
    const name = textAnswer(module, argument(call, 'key', 0), place);
    const fallback = argument(call, 'default', 1)?.value;
    yield { name, fallback, isRequired: false, isWritten: sets, span, place };
  }
  for (const { of, index, isWritten, span, place } of module.subscripts) {
    if (of !== 'os.environ') continue;
    const name = textAnswer(module, index, place);
    yield { name, fallback: undefined, isRequired: !isWritten, isWritten, span, place };
  }
}
