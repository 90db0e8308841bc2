import { byteText } from '../../project/byteText';
import type { CopyInstruction, Dockerfile } from '../../project/dockerfile/dockerfile';
import { type LeftInContext, leftInContext } from '../facts/leftInContext';
import { innerSpan } from '../facts/innerSpan';
import { shippedStages } from '../facts/shippedStages';
import { purposeOf } from '../facts/stageFacts';
import { defineRule, type HitFix } from '../rule';

/** The size from which ballast is worth a word (ai-images 3.2). */
const smallestBallastBytes = 1_000_000;

export const buildContextNotIgnored = defineRule({
  name: 'build-context-not-ignored',
  on: 'dockerfile',
  concern: 'size',
  severity: 'warning',
  summary: 'COPY takes the whole build context, and no ignore file keeps secrets, history and caches out.',
  why: 'All that lies in the folder becomes part of the image: passwords of .env for everyone who can pull it, the history of .git, environments and training output. Any change of it discards the layer.',
  next: 'List it in .dockerignore, or copy only the folders that the service needs.',
  sources: ['Docker docs, Build context, .dockerignore files'],
  fixKind: 'derived',
  *check({ dockerfile, file, project }) {
    const { purpose } = purposeOf(dockerfile);
    if (purpose === 'template' || purpose === 'ci') return;
    const context = project.contextOf(file.path).context;
    if (context.state !== 'known' || context.value.confidence === 'guess') return;
    for (const copy of wholeContextCopies(dockerfile)) {
      const word = copy.sources[0];
      const left = leftInContext(dockerfile, context.value.folder, project);
      const worthTelling = left.filter(
        ({ kind, bytes }) => kind !== 'output' || (bytes ?? 0) >= smallestBallastBytes,
      );
      if (!word || worthTelling.length === 0) continue;
      const bytes = sumOf(worthTelling);
      const ignore = project.ignoreFor(file.path, context.value.folder);
      const names = worthTelling.slice(0, 4).map(({ path }) => path);
      const fix = ignore && fixFor(ignore.path, ignore.source.text, worthTelling);
      yield {
        span: innerSpan(word),
        what: ignore
          ? '{source} copies {names} into the image: {file} does not list it'
          : '{source} copies {names} into the image: there is no .dockerignore',
        with: {
          source: word.raw,
          names: `${names.join(', ')}${names.length < worthTelling.length ? ' …' : ''}${
            bytes >= smallestBallastBytes ? ` (${byteText(bytes)})` : ''
          }`,
          ...(ignore ? { file: ignore.path } : {}),
        },
        ...(bytes >= smallestBallastBytes ? { bytes } : {}),
        ...(fix ? { fix } : {}),
      };
    }
  },
});

/** The first `COPY .` of each shipped stage. */
function* wholeContextCopies(dockerfile: Dockerfile): Generator<CopyInstruction> {
  for (const stage of shippedStages(dockerfile)) {
    const copy = stage.instructions.find(
      (instruction): instruction is CopyInstruction =>
        instruction.kind === 'copy' &&
        !instruction.onbuild &&
        !instruction.from &&
        !instruction.flags.some(({ name }) => name === 'exclude' || name === 'parents') &&
        instruction.sources.length === 1 &&
        instruction.sources[0]?.value.state === 'known' &&
        /^\.?\/?$/.test(instruction.sources[0].value.value),
    );
    if (copy) yield copy;
  }
}

function sumOf(left: readonly LeftInContext[]): number {
  return left.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0);
}

/** Lines for an ignore file that is there; the last one that fits a path decides, so they go to its end. */
function fixFor(path: string, text: string, left: readonly LeftInContext[]): HitFix {
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const before = text === '' || text.endsWith('\n') ? '' : lineEnd;
  return {
    kind: 'derived',
    title: 'List it in {file}',
    with: { file: path },
    edits: [
      {
        file: path,
        span: { start: text.length, end: text.length },
        newText: before + left.map((one) => one.path + lineEnd).join(''),
      },
    ],
  };
}
