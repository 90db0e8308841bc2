import type { Project } from '../../project/project';
import type { CopiedFile } from '../facts/copiedFiles';
import { imageFiles, pathAtStart } from '../facts/imageFiles';
import { nearestName } from '../facts/nearestName';
import { purposeOf } from '../facts/stageFacts';
import { type StartedProgram, startedPrograms, type StartWord } from '../facts/startedPrograms';
import { defineRule } from '../rule';

export const commandFileMissing = defineRule({
  name: 'command-file-missing',
  on: 'dockerfile',
  concern: 'start',
  severity: 'error',
  summary: 'The start command names a file that is not where it looks for it.',
  why: 'The container ends at once with "No such file or directory" or "can\'t open file".',
  next: 'Name the file where COPY puts it, or set WORKDIR to its folder.',
  sources: ['Docker docs, Dockerfile reference, WORKDIR and CMD'],
  fixKind: 'derived',
  *check({ dockerfile, file, project }) {
    const stage = dockerfile.finalStage;
    if (!stage || purposeOf(dockerfile).purpose !== 'serving') return;
    const files = imageFiles(stage, file, project);
    if (!files || files.length === 0) return;
    for (const started of startedPrograms(stage)) {
      const word = scriptOf(started);
      const path = word?.text === undefined ? undefined : pathAtStart(stage, word.text);
      if (!word || path === undefined || files.some(({ target }) => target === path)) continue;
      if (isMounted(path, project)) continue;
      const there = meantFile(path, files);
      if (there === undefined) continue;
      yield {
        span: word.span,
        what: '{path} is not in the image; {there} is',
        with: { path, there },
        fix: {
          kind: 'derived',
          title: 'Start {there}',
          with: { there },
          edits: [{ span: word.span, newText: there }],
        },
      };
    }
  },
});

/** The file a command runs: the operand of python or a shell, or the command itself when it is a path. */
function scriptOf({ program, asModule, word, words }: StartedProgram): StartWord | undefined {
  if (asModule) return undefined;
  if (/^(python[\d.]*|(ba|da|a|z)?sh)$/.test(program)) {
    const first = words[0];
    return first?.text !== undefined && /^[\w./-]+\.(py|sh)$/.test(first.text) && !first.text.startsWith('-')
      ? first
      : undefined;
  }
  return word.text !== undefined && /^(\.{0,2}\/)[\w./-]+\.(sh|py)$/.test(word.text) ? word : undefined;
}

/** The file of the same name elsewhere, or of nearly that name in the same folder. Without one nothing is said. */
function meantFile(path: string, files: readonly CopiedFile[]): string | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const same = files.filter(({ target }) => target.endsWith(`/${name}`));
  if (same.length > 0) return same.length === 1 ? same[0]?.target : undefined;
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const inFolder = files.map(({ target }) => target).filter((target) => target.startsWith(folder));
  const near = nearestName(
    name,
    inFolder.map((target) => target.slice(folder.length)),
  );
  return near === undefined ? undefined : folder + near;
}

/** Something is mounted at the file's folder or above it when the container runs. */
function isMounted(path: string, project: Project): boolean {
  const folders = path
    .split('/')
    .slice(1, -1)
    .map((_, at, all) => `/${all.slice(0, at + 1).join('/')}`);
  return project.tree.paths.some((candidate) => {
    if (!/\.(ya?ml|sh|md|json)$|(^|\/)[Mm]akefile$/.test(candidate)) return false;
    const text = project.tree.textOf(candidate) ?? '';
    return folders.some(
      (folder) =>
        text.includes(`:${folder}`) ||
        text.includes(`target=${folder}`) ||
        text.includes(`mountPath: ${folder}`),
    );
  });
}
