import { byteText } from '../../project/byteText';
import type { CopyInstruction, Stage } from '../../project/dockerfile/dockerfile';
import type { Word } from '../../project/dockerfile/word';
import type { ModelFile } from '../../project/modelFiles/modelFile';
import type { Project } from '../../project/project';
import type { SourceText } from '../../project/sourceText';
import { isCode } from '../facts/codeFile';
import type { CopiedFile } from '../facts/copiedFiles';
import { copiedSources, weightsBytes, weightsIn } from '../facts/copiedModels';
import { innerSpan } from '../facts/innerSpan';
import { shippedStages } from '../facts/shippedStages';
import { purposeOf } from '../facts/stageFacts';
import { defineRule, type HitFix } from '../rule';

export const modelCopiedAfterCode = defineRule({
  name: 'model-copied-after-code',
  on: 'dockerfile',
  concern: 'cache',
  severity: 'warning',
  summary: 'The code is copied before the model, so every edit of the code sends the model again.',
  why: 'A changed file in a COPY makes all layers after it anew. The model did not change, and yet it is pushed and pulled again with every edit of one line.',
  next: 'Copy the model in a COPY of its own before the code, with --link where the engine has BuildKit.',
  sources: [
    'Docker docs, Optimize cache usage in builds, Order your layers',
    'Dockerfile reference, COPY --link',
  ],
  fixKind: 'derived',
  aboutSize: true,
  *check({ dockerfile, file, project }) {
    if (purposeOf(dockerfile).purpose === 'template') return;
    for (const stage of shippedStages(dockerfile)) {
      const copies = copiesOf(stage, file.path, project);
      const code = copies.find((copy) => copy.codeWord);
      if (!code?.codeWord) continue;
      const both = copies.find((copy) => copy.codeWord && copy.weights.length > 0);
      if (both?.codeWord) {
        const bytes = weightsBytes(both.weights);
        yield {
          span: innerSpan(both.codeWord),
          what:
            bytes === undefined
              ? 'Every edit of the code sends the weights again: {source} brings both in one layer'
              : 'Every edit of the code sends {bytes} of weights again: {source} brings both in one layer',
          with: {
            source: both.codeWord.raw,
            ...(bytes === undefined ? {} : { bytes: byteText(bytes) }),
          },
          ...(bytes === undefined ? {} : { bytes }),
        };
        continue;
      }
      const later = copies.filter(
        ({ copy, weights, codeWord }) =>
          copy.span.start > code.copy.span.start && weights.length > 0 && !codeWord && !isLinked(copy),
      );
      const [first] = later;
      if (!first) continue;
      const bytes = weightsBytes(later.flatMap(({ weights }) => weights));
      const fix = later.length === 1 ? fixFor(code, first, stage, dockerfile.source) : undefined;
      yield {
        span: innerSpan(code.codeWord),
        what:
          bytes === undefined
            ? 'Every edit of {source} sends the weights of line {line} again'
            : 'Every edit of {source} sends {bytes} of weights again, which line {line} copies',
        with: {
          source: code.codeWord.raw,
          line: dockerfile.source.positionAt(first.copy.span.start).line,
          ...(bytes === undefined ? {} : { bytes: byteText(bytes) }),
        },
        ...(bytes === undefined ? {} : { bytes }),
        ...(fix ? { fix } : {}),
        related: [{ span: first.copy.argumentsSpan, what: 'The model comes after it' }],
      };
    }
  },
});

interface ModelCopy {
  readonly copy: CopyInstruction;
  /** The source that brings code. */
  readonly codeWord: Word | undefined;
  readonly weights: readonly ModelFile[];
  readonly files: readonly CopiedFile[];
}

function copiesOf(stage: Stage, dockerfile: string, project: Project): readonly ModelCopy[] {
  return stage.instructions.flatMap((copy) => {
    if (copy.kind !== 'copy') return [];
    const sources = copiedSources(copy, dockerfile, project);
    const files = sources.flatMap((source) => source.files);
    const codeWord = sources.find((source) => source.files.some((one) => isServiceCode(one.source)))?.word;
    return [{ copy, codeWord, weights: weightsIn(files, project), files }];
  });
}

/** Files of that name belong to a model and change with it (`trust_remote_code`). */
const modelCode = /^(?:modeling|configuration|tokenization|processing|image_processing)_\w+\.py$/;

function isServiceCode(path: string): boolean {
  return isCode(path) && !modelCode.test(path.slice(path.lastIndexOf('/') + 1));
}

/** A linked layer stands alone: what comes before it may change. */
function isLinked({ flags }: CopyInstruction): boolean {
  return flags.some(
    ({ name, value }) => name === 'link' && !(value.state === 'known' && value.value === 'false'),
  );
}

/** Two neighbours that write different files can change places. */
function fixFor(code: ModelCopy, model: ModelCopy, stage: Stage, source: SourceText): HitFix | undefined {
  const { instructions } = stage;
  const neighbours = instructions[instructions.indexOf(code.copy) + 1] === model.copy;
  const between = source.text.slice(code.copy.span.end, model.copy.span.start);
  const targets = new Set(code.files.map(({ target }) => target));
  const collide = model.files.some(({ target }) => targets.has(target));
  if (!neighbours || between.trim() !== '' || collide) return undefined;
  return {
    kind: 'derived',
    title: 'Copy the model first',
    edits: [
      { span: code.copy.span, newText: source.slice(model.copy.span) },
      { span: model.copy.span, newText: source.slice(code.copy.span) },
    ],
  };
}
