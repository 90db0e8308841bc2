import type { PythonDocument } from '../../project/project';
import { argument } from '../../project/python/pythonAnswers';
import type { PythonCall } from '../../project/python/pythonModule';
import table from '../data/missingMethods.json';
import { isTestCode } from '../facts/servedPython';
import { defineRule } from '../rule';

const modelMaker = /^transformers\.(?:\w+\.)*(?:AutoModel\w*|\w+Model|\w+For[A-Z]\w+)\.from_pretrained$/;

export const callDoesNotExist = defineRule({
  name: 'call-does-not-exist',
  on: 'python',
  concern: 'model',
  severity: 'warning',
  summary: 'A method is called that the library does not have.',
  why: 'The program stops there with AttributeError: what it should do to the model never happens.',
  next: 'Use the call that the library offers.',
  sources: ['transformers 5.23.0, modeling_utils.PreTrainedModel', 'PyTorch docs, torch.nn.Module'],
  *check({ file }) {
    if (isTestCode(file.path) || !file.source.text.includes('transformers')) return;
    // Most files hold none of these names and need no parsing for it.
    if (!table.rows.some(({ method }) => file.source.text.includes(`.${method}`))) return;
    for (const call of file.module.calls) {
      const row = table.rows.find(({ method }) => call.callee.endsWith(`.${method}`));
      if (!row || !isPlainModel(call, file)) continue;
      yield {
        span: call.calleeSpan,
        what: 'A transformers model has no method {method}; there is {instead}',
        with: { method: row.method, instead: row.instead },
      };
    }
  },
});

/** The object is a transformers model and nothing else: one name, made in one way, without code of a hub. */
function isPlainModel(call: PythonCall, { module }: PythonDocument): boolean {
  const { receiver, place } = call;
  // `if hasattr(model, "quantize")`, or a failure that is expected.
  if (place.conditional || place.tried || receiver?.kind !== 'name') return false;
  const makers = module.assignments.filter(
    (one) =>
      one.target === receiver.path &&
      one.place.function === place.function &&
      one.span.end <= call.span.start,
  );
  return (
    makers.length > 0 &&
    makers.every(({ value }) => {
      if (value?.kind !== 'call') return false;
      const made = value.call;
      const remote = argument(made, 'trust_remote_code') ?? made.arguments.find(({ spread }) => spread);
      return modelMaker.test(made.callee) && !remote;
    })
  );
}
