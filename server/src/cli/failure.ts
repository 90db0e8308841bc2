import type { Message } from '../protocol/message';
import type { Problem } from '../protocol/problem';

/** Thrown to end a command with exit code 2 and one line on standard error. */
export class Failure extends Error {
  constructor(readonly problem: Problem) {
    super(problem.what.template);
  }
}

export function usageFailure(what: Message, why: Message, next: Message): Failure {
  return new Failure({ code: 'wrong-usage', what, why, next: [next] });
}
