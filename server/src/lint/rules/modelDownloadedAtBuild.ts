import type { CopyInstruction, RunInstruction } from '../../project/dockerfile/dockerfile';
import { contributingStages } from '../facts/contributingStages';
import { downloadsOfAdd, downloadsOfRun } from '../facts/modelDownload';
import { purposeOf } from '../facts/stageFacts';
import { defineRule } from '../rule';

export const modelDownloadedAtBuild = defineRule({
  name: 'model-downloaded-at-build',
  on: 'dockerfile',
  concern: 'model',
  severity: 'warning',
  summary: 'The build fetches weights without saying which: no revision, no checksum.',
  why: 'Whoever owns the repository can change it: two builds of one commit may hold two models, and a cached layer never asks again. Nobody can tell afterwards which one answers.',
  next: 'Name the commit (`--revision`, `revision=`), or fetch the file with ADD --checksum=sha256:… in a stage of its own.',
  sources: [
    'huggingface_hub docs, Download files, revision',
    'Dockerfile reference, ADD --checksum',
    'Docker docs, Build cache invalidation',
  ],
  *check({ dockerfile, file }) {
    const { purpose } = purposeOf(dockerfile);
    if (purpose === 'template' || purpose === 'ci') return;
    const fetching = contributingStages(dockerfile)
      .flatMap(({ instructions }) => instructions)
      .filter((one): one is RunInstruction | CopyInstruction => one.kind === 'run' || one.kind === 'copy');
    for (const instruction of fetching) {
      const downloads =
        instruction.kind === 'run' ? downloadsOfRun(instruction, file.source) : downloadsOfAdd(instruction);
      for (const { span, source, kind } of downloads) {
        yield {
          span,
          severity: kind === 'moving' ? 'warning' : 'info',
          what:
            kind === 'moving'
              ? '{source} is fetched without a commit: the next build may get another model'
              : '{source} is fetched without a checksum: nobody would notice another file',
          with: { source },
        };
      }
    }
  },
});
