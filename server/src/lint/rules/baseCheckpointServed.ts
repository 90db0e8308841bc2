import type { PythonDocument } from '../../project/project';
import { modelLoads } from '../../project/python/modelLoads';
import { argument, textAnswer } from '../../project/python/pythonAnswers';
import type { PythonCall } from '../../project/python/pythonModule';
import { isBaseCheckpoint } from '../baseCheckpoint';
import { servedPython } from '../facts/servedPython';
import { defineRule } from '../rule';

/** Classes whose last layer a pre-trained checkpoint does not hold. */
const withHead =
  /For(?:SequenceClassification|TokenClassification|QuestionAnswering|MultipleChoice)\.from_pretrained$/;
const tasksWithHead =
  /^(?:text-classification|sentiment-analysis|token-classification|ner|question-answering|zero-shot-classification)$/;
/** What brings trained weights into the model afterwards. */
const bringsWeights =
  /(?:load_state_dict|load_adapter|load_weights|PeftModel|Trainer|\.train|safetensors|torch\.load$)/;

export const baseCheckpointServed = defineRule({
  name: 'base-checkpoint-served',
  on: 'python',
  concern: 'model',
  severity: 'warning',
  summary: 'A service classifies with a checkpoint that was never trained to classify.',
  why: 'The checkpoint has no head for the task: the last layer is random, and so are the answers, anew at each start.',
  next: 'Load a checkpoint that was fine-tuned for this task and this language.',
  sources: [
    'Hugging Face model cards of the checkpoints; transformers warns "newly initialized" when it loads them',
  ],
  *check({ file, project }) {
    if (!servedPython(project).has(file.path)) return;
    if (file.module.calls.some(({ callee }) => bringsWeights.test(callee))) return;
    for (const { call, source, kind } of modelLoads(file.module)) {
      if (source.state !== 'known' || !isBaseCheckpoint(source.value)) continue;
      const isHead =
        kind === 'from-pretrained'
          ? withHead.test(call.callee)
          : kind === 'pipeline' && needsHead(call, file);
      const place = argument(
        call,
        kind === 'pipeline' ? 'model' : 'pretrained_model_name_or_path',
        kind === 'pipeline' ? 1 : 0,
      );
      if (!isHead || !place) continue;
      const { value } = place;
      yield {
        span: value.kind === 'text' ? value.inner : value.span,
        what: '{model} has no trained head: the answers are random',
        with: { model: source.value },
      };
    }
  },
});

function needsHead(call: PythonCall, { module }: PythonDocument): boolean {
  const task = textAnswer(module, argument(call, 'task', 0), call.place);
  return task.state === 'known' && tasksWithHead.test(task.value);
}
