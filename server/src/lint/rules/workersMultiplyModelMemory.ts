import { byteText } from '../../project/byteText';
import type { Stage } from '../../project/dockerfile/dockerfile';
import type { DockerfileDocument, Project } from '../../project/project';
import { absolutePath } from '../facts/commandFolders';
import { copiedFiles } from '../facts/copiedFiles';
import { modelSource } from '../facts/copiedModels';
import { instructionsOf, purposeOf } from '../facts/stageFacts';
import { startedPrograms } from '../facts/startedPrograms';
import { startOptions } from '../facts/startOptions';
import { type StartupModel, startupModels } from '../facts/startupModels';
import { serverProgram } from '../program';
import { defineRule } from '../rule';

export const workersMultiplyModelMemory = defineRule({
  name: 'workers-multiply-model-memory',
  on: 'dockerfile',
  concern: 'serving',
  severity: 'warning',
  summary: 'Several worker processes each load the model.',
  why: 'Workers share no memory: each holds its own weights and libraries. A BERT service of torch measured 807 MB a worker, one of ONNX Runtime with INT8 249 MB; on a GPU each has a CUDA context too.',
  next: 'Run one worker and let threads or batches answer in parallel; scale by containers, where a limit holds for each.',
  sources: [
    'Measured: resident memory of one BERT-base worker, torch 807 MB, ONNX Runtime INT8 249 MB',
    'Gunicorn docs, Settings, workers and preload_app',
    'FastAPI docs, Deployment, Server Workers, Memory per process',
  ],
  *check({ dockerfile, file, project }) {
    const stage = dockerfile.finalStage;
    if (!stage || purposeOf(dockerfile).purpose !== 'serving') return;
    for (const started of startedPrograms(stage)) {
      const program = serverProgram([started.program, started.words[0]?.text ?? '']);
      if (!program || !/^(?:gunicorn|uvicorn|hypercorn|fastapi run|granian)$/.test(program.program)) continue;
      const options = startOptions(started, program);
      // With --preload the master loads and its children share the pages.
      if (options.some(({ flag }) => flag === '--preload')) continue;
      const option = options.find(({ flag }) => flag === '--workers' || flag === '-w');
      const count = /^\d{1,3}$/.test(option?.value ?? '') ? Number(option?.value) : 0;
      if (!option?.valueWord || count < 2) continue;
      const models = startupModels(started, stage, file, project);
      const [first] = models;
      if (!first) continue;
      const bytes = bytesOfModels(models, stage, file, project);
      const { end } = option.valueWord.span;
      yield {
        span: { start: end - String(option.value).length, end },
        what:
          bytes === undefined
            ? '{count} workers load the model {count} times'
            : '{count} workers load the model {count} times: at least {bytes} more memory than one',
        with: { count, ...(bytes === undefined ? {} : { bytes: byteText(bytes * (count - 1)) }) },
        related: [{ file: first.file, span: first.load.call.calleeSpan, what: 'Each worker loads it here' }],
      };
    }
  },
});

/** Bytes of the files that are loaded; undefined where one is not among those the image copies. */
function bytesOfModels(
  models: readonly StartupModel[],
  stage: Stage,
  document: DockerfileDocument,
  project: Project,
): number | undefined {
  const copied = instructionsOf(stage).flatMap((copy) =>
    copy.kind === 'copy' ? (copiedFiles(copy, document.path, project) ?? []) : [],
  );
  const source = modelSource(project);
  let sum = 0;
  for (const { load } of models) {
    if (load.source.state !== 'known' || load.sourceKind !== 'path') return undefined;
    const path = absolutePath(stage.end.workdir, load.source.value);
    const file = path.state === 'known' ? copied.find(({ target }) => target === path.value) : undefined;
    const bytes = file && source.sizeOf(file.source);
    if (bytes === undefined) return undefined;
    sum += bytes;
  }
  return sum;
}
