import type { CopyInstruction } from '../../project/dockerfile/dockerfile';
import type { Project } from '../../project/project';
import { bytesOf, type CopiedFile, copiedFiles } from '../facts/copiedFiles';
import { copyWithOwner } from '../facts/copyWithOwner';
import { type OwnershipChange, ownershipChanges } from '../facts/ownershipChanges';
import { removalCovers } from '../facts/removals';
import { instructionsOf, purposeOf } from '../facts/stageFacts';
import { looksSmall } from '../facts/smallFiles';
import { pathsOfCopy, pathsOfRun, type WrittenPath } from '../facts/writtenPaths';
import { defineRule, type Hit } from '../rule';
import type { SourceText } from '../../project/sourceText';

interface Written extends WrittenPath {
  readonly copy: CopyInstruction | undefined;
  readonly files: readonly CopiedFile[] | undefined;
}

export const ownershipChangeCopiesFiles = defineRule({
  name: 'ownership-change-copies-files',
  on: 'dockerfile',
  concern: 'size',
  severity: 'warning',
  summary: 'A RUN changes the owner or the mode of files from an earlier layer, and so stores them again.',
  why: 'A layer holds whole files: a new owner or mode writes every one of them a second time. cognee’s image held 9.02 GB twice.',
  next: 'Set the owner or mode where the files arrive: COPY --chown=user:group, COPY --chmod=755, or create them as that user.',
  sources: [
    'Dockerfile reference, COPY --chown --chmod',
    'Linux kernel docs, Overlay Filesystem, Non-directories',
    'topoteretes/cognee pull request 3753',
  ],
  fixKind: 'derived',
  aboutSize: true,
  *check({ dockerfile, file, project }) {
    const stage = dockerfile.finalStage;
    if (!stage || purposeOf(dockerfile).purpose === 'template') return;
    const { source } = dockerfile;
    const written: Written[] = [];
    for (const instruction of instructionsOf(stage)) {
      if (instruction.kind === 'copy') written.push(...writtenByCopy(instruction, file.path, project));
      if (instruction.kind !== 'run') continue;
      const seen = new Set<string>();
      const all = ownershipChanges(instruction);
      for (const change of all) {
        // Owner and mode changed in one layer store the files there once.
        if (change.path.state !== 'known' || seen.has(change.path.value)) continue;
        seen.add(change.path.value);
        const found = written.filter((entry) => changes(change, entry));
        const hit = hitFor(change, found, source);
        if (!hit) continue;
        const copies = [...new Set(found.flatMap(({ copy }) => copy ?? []))];
        const owner = dockerfile.stages.find((candidate) => candidate.instructions.includes(instruction));
        const alone = all.every((other) => other === change || told(other) !== told(change));
        const fromCopies = alone && found.every(({ copy }) => copy);
        const fix =
          owner && fromCopies ? copyWithOwner(change, instruction, copies, owner, source) : undefined;
        yield { ...hit, ...(fix ? { fix } : {}) };
      }
      for (const path of pathsOfRun(instruction))
        written.push({ ...path, copy: undefined, files: undefined });
    }
  },
});

function told({ path }: OwnershipChange): string | undefined {
  return path.state === 'known' ? path.value : undefined;
}

function* writtenByCopy(copy: CopyInstruction, path: string, project: Project): Generator<Written> {
  const files = copiedFiles(copy, path, project);
  for (const entry of pathsOfCopy(copy)) yield { ...entry, copy, files };
}

function changes({ path, recursive }: OwnershipChange, entry: Written): boolean {
  if (path.state !== 'known') return false;
  const { value } = path;
  if (entry.files)
    return entry.files.some(({ target }) => target === value || (recursive && below(value, target)));
  if (recursive) return below(value, entry.path);
  // Without -R a folder changes alone. What a stage puts into a bin folder is a program.
  return entry.copy?.from !== undefined && entry.path === value && /\/bin\/[^/]+$/.test(value);
}

function below(folder: string, path: string): boolean {
  return folder !== '/' && removalCovers(folder, path);
}

function hitFor(change: OwnershipChange, found: readonly Written[], source: SourceText): Hit | undefined {
  const [first] = found;
  if (!first || change.path.state !== 'known') return undefined;
  const folder = change.path.value;
  const counted = new Set<CopiedFile>();
  let complete = true;
  for (const { files } of found) {
    if (!files) complete = false;
    for (const file of files ?? [])
      if (file.target === folder || below(folder, file.target)) counted.add(file);
  }
  const bytes = complete ? bytesOf([...counted]) : undefined;
  if (bytes === undefined && found.every((entry) => looksSmall(entry, source))) return undefined;
  const line = source.positionAt(first.span.start).line;
  return {
    span: change.word.span,
    what: '{command} stores {path} a second time: the layer of line {line} holds it already',
    with: { command: change.recursive ? `${change.program} -R` : change.program, path: folder, line },
    ...(bytes === undefined ? {} : { bytes }),
    related: [{ span: first.span, what: 'Written here' }],
  };
}
