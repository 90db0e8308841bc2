import type { Message } from '../protocol/message';
import type { Problem } from '../protocol/problem';

/** Carries a Problem out of deeply nested reading and writing; caught where a job answers. */
export class ModelError extends Error {
  constructor(readonly problem: Problem) {
    super(fill(problem.what) + '. ' + fill(problem.why));
  }
}

/** For logs only: people read the Problem, rendered by a door in their language. */
function fill({ template, with: values }: Message): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => String(values?.[name] ?? whole));
}

/** The file is damaged, cut short, or made to mislead. `why` says where. */
export function malformed(why: Message): ModelError {
  return new ModelError({
    code: 'model-malformed',
    what: { template: 'The model file cannot be read' },
    why,
    next: [{ template: 'Export or download the model again' }],
  });
}
