import type { CopyInstruction, Dockerfile, RunInstruction, Stage } from '../../project/dockerfile/dockerfile';
import type { Project } from '../../project/project';
import { literalOf } from '../../project/shell/commandArguments';
import type { PackageCommand } from '../../project/shell/packageCommand';
import type { SourceText } from '../../project/sourceText';
import type { Span } from '../../project/span';
import { bindInstead } from '../facts/bindInstead';
import { cacheOwner } from '../facts/cacheFolders';
import { bytesOf, type CopiedFile, copiedFiles } from '../facts/copiedFiles';
import { type KeptCache, keptCaches } from '../facts/keptCaches';
import { type Removal, removalCovers, removalsOf } from '../facts/removals';
import { looksSmall } from '../facts/smallFiles';
import { instructionsOf, packageCommandsOf, purposeOf } from '../facts/stageFacts';
import { pathsOfCopy, pathsOfRun } from '../facts/writtenPaths';
import { defineRule, type Hit } from '../rule';

/** Something an earlier layer holds. */
interface Kept {
  readonly path: string;
  readonly span: Span;
  readonly run: RunInstruction | undefined;
  readonly copy: CopyInstruction | undefined;
  /** The files below, where a COPY from a known context brings them. */
  readonly files: readonly CopiedFile[] | undefined;
}

export const removedInLaterLayer = defineRule({
  name: 'removed-in-later-layer',
  on: 'dockerfile',
  concern: 'size',
  severity: 'warning',
  summary: 'A RUN removes what an earlier layer holds: the image stays as large.',
  why: 'A layer cannot change the ones below it. The removal only hides the files; every host still pulls them.',
  next: 'Remove it in the instruction that writes it, leave it in a build stage, or reach it with RUN --mount=type=bind.',
  sources: ['Docker docs, Building best practices, RUN', 'OCI image specification, Layer, Whiteouts'],
  fixKind: 'derived',
  aboutSize: true,
  *check({ dockerfile, file, project }) {
    const stage = dockerfile.finalStage;
    if (!stage || purposeOf(dockerfile).purpose === 'template') return;
    const source = dockerfile.source;
    let kept: readonly Kept[] = [];
    const packages = new Map<string, RunInstruction>();
    const caches: { cache: KeptCache; run: RunInstruction }[] = [];
    for (const instruction of instructionsOf(stage)) {
      if (instruction.kind === 'copy') kept = [...kept, ...keptByCopy(instruction, file.path, project)];
      if (instruction.kind !== 'run') continue;
      const removed = new Set<Kept>();
      for (const removal of removalsOf(instruction)) {
        const found = removal.command.conditional ? [] : kept.filter((entry) => covers(removal, entry));
        const hit = hitForPath(removal, found, instruction, dockerfile, stage);
        if (hit && found.some((entry) => !removed.has(entry))) yield hit;
        for (const entry of found) removed.add(entry);
      }
      kept = kept.filter((entry) => !removed.has(entry) && !movesAway(instruction, entry.path));
      yield* hitsForPackages(instruction, packages, source);
      yield* hitsForCaches(instruction, caches, source);
      for (const { path, span } of pathsOfRun(instruction))
        kept = [...kept, { path, span, run: instruction, copy: undefined, files: undefined }];
      for (const cache of keptCaches(instruction, source)) caches.push({ cache, run: instruction });
      for (const [name, run] of packagesOf(instruction)) packages.set(name, run);
    }
  },
});

function* keptByCopy(copy: CopyInstruction, path: string, project: Project): Generator<Kept> {
  const files = copiedFiles(copy, path, project);
  for (const written of pathsOfCopy(copy)) yield { ...written, copy, run: undefined, files };
}

function covers({ path }: Removal, entry: Kept): boolean {
  if (path.state !== 'known') return false;
  if (removalCovers(path.value, entry.path)) return true;
  return entry.files?.some(({ target }) => removalCovers(path.value, target)) ?? false;
}

function movesAway(run: RunInstruction, path: string): boolean {
  return run.script.commands.some(
    ({ program, words }) => program === 'mv' && words.some((word) => literalOf(word)?.startsWith(path)),
  );
}

function hitForPath(
  removal: Removal,
  found: readonly Kept[],
  run: RunInstruction,
  dockerfile: Dockerfile,
  stage: Stage,
): Hit | undefined {
  const [first] = found;
  if (!first || removal.path.state !== 'known') return undefined;
  const removed = removal.path.value;
  const files = filesOf(found)?.filter(({ target }) => removalCovers(removed, target));
  // Nothing of the context lies there after all.
  if (files?.length === 0) return undefined;
  const bytes = files && bytesOf(files);
  if (
    bytes === undefined &&
    found.every((entry) => looksSmall({ path: removed, span: entry.span }, dockerfile.source))
  )
    return undefined;
  const fix = first.copy && bindInstead(dockerfile, stage, first.copy, removal, run);
  return {
    span: removal.word.span,
    what: 'Removing {path} frees nothing: the layer of line {line} keeps it',
    with: {
      path: removalCovers(removed, first.path) ? first.path : removed,
      line: lineOf(first.span, dockerfile.source),
    },
    ...(bytes === undefined ? {} : { bytes }),
    ...(fix ? { fix } : {}),
    related: [{ span: first.span, what: 'Written here' }],
  };
}

/** The files of every COPY among the entries; undefined where one is not known file by file. */
function filesOf(entries: readonly Kept[]): readonly CopiedFile[] | undefined {
  const files = new Set<CopiedFile>();
  for (const entry of entries) {
    if (!entry.files) return undefined;
    for (const file of entry.files) files.add(file);
  }
  return [...files];
}

/** Names a RUN installs, each with the virtual package it is put under. */
function* packagesOf(run: RunInstruction): Generator<readonly [string, RunInstruction]> {
  for (const command of packageCommandsOf(run)) {
    if (command.action !== 'install' || !isSystemManager(command)) continue;
    for (const name of packageNames(command)) yield [`${command.manager} ${name}`, run];
    for (const { name, value } of command.options)
      if ((name === '--virtual' || name === '-t') && value !== undefined)
        yield [`${command.manager} ${value}`, run];
  }
}

function isSystemManager({ manager }: PackageCommand): boolean {
  return manager === 'apt' || manager === 'apk' || manager === 'dnf' || manager === 'zypper';
}

/** Without version, architecture and the wildcard behind it. */
function packageNames({ packages }: PackageCommand): readonly string[] {
  return packages.flatMap((word) => literalOf(word)?.replace(/[=<>~].*$|:(?:amd64|arm64|i386)$/, '') ?? []);
}

function* hitsForPackages(
  run: RunInstruction,
  earlier: ReadonlyMap<string, RunInstruction>,
  source: SourceText,
): Generator<Hit> {
  const ownInstalls = new Set([...packagesOf(run)].map(([name]) => name));
  for (const command of packageCommandsOf(run)) {
    if (command.action !== 'remove' || !isSystemManager(command) || command.command.conditional) continue;
    const found = command.packages.filter((word) => {
      const key = `${command.manager} ${literalOf(word) ?? ''}`;
      return earlier.has(key) && !ownInstalls.has(key);
    });
    const [first] = found;
    const installedBy = first && earlier.get(`${command.manager} ${literalOf(first) ?? ''}`);
    if (!first || !installedBy) continue;
    yield {
      span: { start: first.span.start, end: found.at(-1)?.span.end ?? first.span.end },
      what: 'Removing {packages} frees nothing: the layer of line {line} keeps it',
      with: {
        packages: found.map((word) => word.raw).join(' '),
        line: lineOf(installedBy.span, source),
      },
      next: 'Install and remove in one RUN, or build in a stage of its own and copy the result.',
      related: [{ span: installedBy.keywordSpan, what: 'Installed here' }],
    };
  }
}

/** A clean-up in a RUN of its own, of a cache that an earlier RUN left. */
function* hitsForCaches(
  run: RunInstruction,
  earlier: { cache: KeptCache; run: RunInstruction }[],
  source: SourceText,
): Generator<Hit> {
  const asked = packageCommandsOf(run);
  for (const owner of new Set(earlier.map(({ cache }) => cache.owner))) {
    const left = earlier.filter(({ cache }) => cache.owner === owner);
    const [first] = left;
    const fills = asked.some(
      (command) => cacheOwner(command) === owner && fillingActions.has(command.action),
    );
    const cleaning = fills || !first ? undefined : cleaningWords(run, first.cache);
    if (!first || !cleaning) continue;
    for (const entry of left) earlier.splice(earlier.indexOf(entry), 1);
    yield {
      span: cleaning,
      what: 'Removing {path} frees nothing: the layer of line {line} keeps it',
      with: { path: first.cache.folder, line: lineOf(first.run.span, source) },
      next: 'Remove it at the end of the RUN in line {line}.',
      related: left.map((entry) => ({ span: entry.run.keywordSpan, what: 'Written here' })),
    };
  }
}

const fillingActions: ReadonlySet<string> = new Set(['install', 'update', 'upgrade', 'download']);

/** The words of a RUN that empty a cache: a path of `rm`, or the manager's own clean-up. */
function cleaningWords(run: RunInstruction, cache: KeptCache): Span | undefined {
  const removal = removalsOf(run).find(
    ({ path }) =>
      path.state === 'known' && removalCovers(path.value.replace(/^\/root(?=\/|$)/, '~'), cache.folder),
  );
  if (removal) return removal.word.span;
  const command = packageCommandsOf(run).find(
    (candidate) => candidate.action === 'clean' && cacheOwner(candidate) === cache.owner,
  );
  if (!command || (cache.owner === 'apt' && !/^dist-?clean$/.test(literalOf(command.actionWord) ?? '')))
    return undefined;
  return { start: command.command.name.span.start, end: command.actionWord.span.end };
}

function lineOf(span: Span, source: SourceText): number {
  return source.positionAt(span.start).line;
}
