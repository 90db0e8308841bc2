import type { CopyInstruction, RunInstruction } from '../../project/dockerfile/dockerfile';
import { contributingStages } from '../facts/contributingStages';
import { downloadsOfAdd, downloadsOfRun } from '../facts/modelDownload';
import { purposeOf } from '../facts/stageFacts';
import { defineRule } from '../rule';

const messages = {
  moving: {
    one: { what: '{source} is fetched without a commit: the next build may get another model' },
    many: {
      what: '{source} and {count} more are fetched without a commit: the next build may get other models',
    },
  },
  unchecked: {
    one: { what: '{source} is fetched without a checksum: nobody would notice another file' },
    many: {
      what: '{source} and {count} more are fetched without a checksum: nobody would notice other files',
    },
  },
} as const;

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
      const downloads = [
        ...(instruction.kind === 'run'
          ? downloadsOfRun(instruction, file.source)
          : downloadsOfAdd(instruction)),
      ];
      for (const kind of ['moving', 'unchecked'] as const) {
        const [first, ...others] = downloads.filter((download) => download.kind === kind);
        if (!first) continue;
        yield {
          span: first.span,
          severity: kind === 'moving' ? 'warning' : 'info',
          ...messages[kind][others.length === 0 ? 'one' : 'many'],
          with: { source: first.source, ...(others.length === 0 ? {} : { count: others.length }) },
          ...(others.length === 0
            ? {}
            : { related: others.map(({ span }) => ({ span, what: 'Fetched in the same way' })) }),
        };
      }
    }
  },
});
