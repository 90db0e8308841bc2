import { nearestName } from '../facts/nearestName';
import { stageNamed } from '../facts/shippedStages';
import type { Project } from '../../project/project';
import { defineRule } from '../rule';

export const copyFromUnknownStage = defineRule({
  name: 'copy-from-unknown-stage',
  on: 'dockerfile',
  concern: 'build',
  severity: 'error',
  summary: 'COPY --from names a stage that does not exist, and one of nearly that name does.',
  why: 'A name that is no stage is taken for an image: the engine asks a registry for it, finds none, and the build stops.',
  next: 'Name the stage as its FROM line does.',
  sources: ['Docker docs, Dockerfile reference, COPY --from'],
  fixKind: 'derived',
  *check({ dockerfile, project }) {
    if (namesContexts(project)) return;
    for (const stage of dockerfile.stages) {
      for (const instruction of stage.instructions) {
        const from = instruction.kind === 'copy' ? instruction.from : undefined;
        if (from?.value.state !== 'known' || !from.valueSpan) continue;
        const name = from.value.value;
        // A tag, a registry or a path say that an image is meant; a number counts stages.
        if (!/^[A-Za-z][\w-]*$/.test(name) || stageNamed(dockerfile, from.value, stage.index)) continue;
        const earlier = dockerfile.stages.slice(0, stage.index).flatMap((candidate) => candidate.name ?? []);
        const near = nearestName(name.toLowerCase(), earlier) ?? shortOrLong(name.toLowerCase(), earlier);
        if (near === undefined) continue;
        yield {
          span: from.valueSpan,
          what: 'There is no stage {name}; {near} comes close',
          with: { name, near },
          fix: {
            kind: 'derived',
            title: 'Copy from {near}',
            with: { near },
            edits: [{ span: from.valueSpan, newText: near }],
          },
        };
      }
    }
  },
});

/** `build` for `builder`, or the other way round. */
function shortOrLong(name: string, stages: readonly string[]): string | undefined {
  if (name.length < 4) return undefined;
  return stages.find((stage) => stage.length >= 4 && (stage.startsWith(name) || name.startsWith(stage)));
}

/** A build that hands over named contexts may mean one of them. */
function namesContexts(project: Project): boolean {
  const files = new Set(project.builds.map(({ origin }) => origin.file));
  return [...files].some((file) =>
    /additional_contexts|--build-context|build-contexts|\bcontexts\s*=/.test(project.tree.textOf(file) ?? ''),
  );
}
