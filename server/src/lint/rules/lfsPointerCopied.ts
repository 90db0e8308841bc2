import { byteText } from '../../project/byteText';
import { pointedBytes } from '../../project/modelFiles/lfsPointer';
import type { Dockerfile } from '../../project/dockerfile/dockerfile';
import { copiedSources } from '../facts/copiedModels';
import { innerSpan } from '../facts/innerSpan';
import { purposeOf, runsOf } from '../facts/stageFacts';
import { defineRule } from '../rule';

export const lfsPointerCopied = defineRule({
  name: 'lfs-pointer-copied',
  on: 'dockerfile',
  concern: 'model',
  severity: 'warning',
  summary: 'COPY brings Git LFS pointers in place of the weights.',
  why: 'A clone without `git lfs pull` leaves a text of about 130 bytes where the weights belong. The build succeeds, and loading the model fails when the container starts.',
  next: 'Run `git lfs pull` before the build, also in CI (`lfs: true` of actions/checkout).',
  sources: ['git-lfs, docs/spec.md, The Pointer', 'actions/checkout, README, input lfs'],
  *check({ dockerfile, file, project }) {
    if (purposeOf(dockerfile).purpose === 'template' || pullsItself(dockerfile)) return;
    for (const copy of dockerfile.instructions) {
      if (copy.kind !== 'copy') continue;
      for (const { word, files } of copiedSources(copy, file.path, project)) {
        const pointers = files.flatMap(({ source }) => {
          const bytes = pointedBytes(source, project.tree);
          return bytes === undefined ? [] : [{ path: source, bytes }];
        });
        const [first, ...others] = pointers;
        if (!first) continue;
        const name = first.path.slice(first.path.lastIndexOf('/') + 1);
        yield {
          span: innerSpan(word),
          what:
            others.length === 0
              ? '{name} is a Git LFS pointer: the image gets a text of {small} and not the {bytes} of weights'
              : '{name} and {count} more are Git LFS pointers: the image gets texts of {small} and not the {bytes} of weights',
          with: {
            name,
            small: byteText(project.tree.sizeOf(first.path) ?? 0),
            bytes: byteText(pointers.reduce((sum, { bytes }) => sum + bytes, 0)),
            ...(others.length === 0 ? {} : { count: others.length }),
          },
        };
      }
    }
  },
});

/** Some RUN fetches the files of Git LFS. */
function pullsItself({ instructions }: Dockerfile): boolean {
  return runsOf(instructions).some(({ script }) =>
    script.commands.some(({ program, words }) => program === 'git' && words.some(({ raw }) => raw === 'lfs')),
  );
}
