import type { CopyInstruction, Dockerfile, RunInstruction, Stage } from '../../project/dockerfile/dockerfile';
import type { Project } from '../../project/project';
import { isCode } from '../facts/codeFile';
import { absolutePath } from '../facts/commandFolders';
import { copiedFiles } from '../facts/copiedFiles';
import { type DependencyInstall, dependencyInstall, needsCode } from '../facts/dependencyFiles';
import { purposeOf, runsOf } from '../facts/stageFacts';
import { defineRule, type HitFix } from '../rule';

/** Where a COPY of the context brings a dependency file from, and everything else it brings. */
interface Brought {
  readonly copy: CopyInstruction;
  /** Dependency files in the context, by where the install looks for them; undefined where the tree is unknown. */
  readonly sources: ReadonlyMap<string, string> | undefined;
}

export const dependenciesInstalledAfterCode = defineRule({
  name: 'dependencies-installed-after-code',
  on: 'dockerfile',
  concern: 'cache',
  severity: 'warning',
  summary:
    'Dependencies are installed after the code is copied, so every edit of the code installs them again.',
  why: 'A changed file in a COPY discards the build cache of all that follows. With torch from PyPI that is 3 GB of wheels, downloaded, installed and pushed again for every edit.',
  next: 'Copy the dependency files first, install, and copy the code after that.',
  sources: [
    'Docker docs, Optimize cache usage in builds, Order your layers',
    'PyPI, torch 2.14.1 and its nvidia wheels: 2,993 MB',
  ],
  fixKind: 'derived',
  *check({ dockerfile, file, project }) {
    const { purpose } = purposeOf(dockerfile);
    if (purpose === 'template' || purpose === 'ci') return;
    for (const stage of dockerfile.stages) {
      const installed = new Set<string>();
      const told = new Set<CopyInstruction>();
      for (const run of runsOf(stage.instructions)) {
        const install = dependencyInstall(run);
        if (!install || run.mounts.some(({ type }) => type === 'bind')) {
          for (const path of install?.files ?? []) installed.add(path);
          continue;
        }
        const again = install.files.every((path) => installed.has(path));
        for (const path of install.files) installed.add(path);
        const brought = again ? undefined : codeBefore(stage, run, install, file.path, project);
        if (!brought || told.has(brought.copy)) continue;
        told.add(brought.copy);
        const first = brought.copy.sources[0];
        const last = brought.copy.sources.at(-1);
        if (!first || !last) continue;
        const fix = fixFor(brought, run, install, stage, dockerfile, project);
        yield {
          span: { start: first.span.start, end: last.span.end },
          what: 'Every edit of the code repeats {command} in line {line}: COPY {source} comes before it',
          with: {
            command: commandText(install),
            line: dockerfile.source.positionAt(run.span.start).line,
            source: brought.copy.sources.map((word) => word.raw).join(' '),
          },
          ...(fix ? { fix } : {}),
          related: [{ span: install.command.command.span, what: 'Installs again' }],
        };
      }
    }
  },
});

function commandText({ command }: DependencyInstall): string {
  const { program } = command.command;
  const group = command.manager === 'uv' && command.requirementFiles.length > 0 ? 'pip ' : '';
  return `${program.startsWith('python') ? command.manager : program} ${group}${command.actionWord.raw}`;
}

/** The first COPY before the RUN that brings code, and the dependency files with it. */
function codeBefore(
  stage: Stage,
  run: RunInstruction,
  install: DependencyInstall,
  path: string,
  project: Project,
): Brought | undefined {
  const copies = stage.instructions.filter(
    (instruction): instruction is CopyInstruction =>
      instruction.kind === 'copy' &&
      !instruction.onbuild &&
      !instruction.from &&
      instruction.span.end < run.span.start,
  );
  for (const copy of copies) {
    const files = copiedFiles(copy, path, project);
    if (!files) {
      if (copiesAll(copy) && mayBring(copy, install)) return { copy, sources: undefined };
      continue;
    }
    const wanted = new Set([...install.files, ...install.optional]);
    const sources = new Map(
      files.filter(({ target }) => wanted.has(target)).map(({ target, source }) => [target, source]),
    );
    const code = files.filter(({ target, source }) => !wanted.has(target) && isCode(source));
    if (code.length === 0 || (!copiesAll(copy) && !install.files.some((needed) => sources.has(needed))))
      continue;
    if ([...sources.values()].some((source) => needsCode(source, project))) return undefined;
    return { copy, sources };
  }
  return undefined;
}

function copiesAll(copy: CopyInstruction): boolean {
  return copy.sources.some(({ value }) => value.state === 'known' && /^\.?\/?$/.test(value.value));
}

/** Without a known context: the files the install names lie below the destination. */
function mayBring(copy: CopyInstruction, install: DependencyInstall): boolean {
  const target = copy.destination?.value;
  if (target?.state !== 'known') return false;
  const folder = absolutePath(copy.before.workdir, target.value);
  const isPip = install.files.every((file) => /\.(txt|in)$/.test(file));
  return (
    isPip &&
    folder.state === 'known' &&
    install.files.every((file) => file.startsWith(folder.value === '/' ? '/' : `${folder.value}/`))
  );
}

/** Only where the install follows the COPY at once, and the files it reads are all in the project. */
function fixFor(
  { copy, sources }: Brought,
  run: RunInstruction,
  install: DependencyInstall,
  stage: Stage,
  dockerfile: Dockerfile,
  project: Project,
): HitFix | undefined {
  const { source } = dockerfile;
  const follows = stage.instructions[stage.instructions.indexOf(copy) + 1] === run;
  const [first, ...otherSources] = copy.sources;
  if (!follows || !sources || !first || otherSources.length > 0 || !copiesAll(copy) || copy.isAdd)
    return undefined;
  const target = copy.destination?.value;
  const folder = target?.state === 'known' ? absolutePath(copy.before.workdir, target.value) : undefined;
  const context = project.contextOf(source.path).context;
  if (folder?.state !== 'known' || context.state !== 'known' || !copy.destination) return undefined;
  const earlier = stage.instructions.slice(0, stage.instructions.indexOf(copy));
  const present = install.files.filter((file) =>
    earlier.some((other) => other.kind === 'copy' && bringsFile(other, file, source.path, project)),
  );
  const missing = [...sources.keys()].filter((file) => !present.includes(file));
  if (!install.files.every((file) => present.includes(file) || sources.has(file))) return undefined;
  // A file in a folder of its own, or one that includes others, needs more than a line.
  const prefix = folder.value === '/' ? '/' : `${folder.value}/`;
  const names = missing.map((file) => file.slice(prefix.length));
  if (names.some((name) => name.includes('/') || /\s/.test(name))) return undefined;
  if (install.files.some((file) => project.requirementsFrom(sources.get(file) ?? '').files.length > 1))
    return undefined;
  const text = source.slice(copy.span);
  const flags = source.text.slice(copy.keywordSpan.end, first.span.start);
  if (text.includes('\n') || /["[]/.test(text)) return undefined;
  const destination = `${copy.destination.raw.replace(/\/+$/, '')}/`;
  const lines =
    names.length > 0
      ? [`${source.slice(copy.keywordSpan)}${flags}${names.toSorted().join(' ')} ${destination}`]
      : [];
  const moved = { span: { start: run.span.end, end: run.span.end }, newText: `${source.lineEnd}${text}` };
  const replaced =
    lines.length > 0
      ? { span: copy.span, newText: lines.join('') }
      : { span: { start: copy.span.start, end: nextLine(copy.span.end, source.text) }, newText: '' };
  return {
    kind: 'derived',
    title: 'Install before COPY {source}',
    with: { source: first.raw },
    edits: [replaced, moved],
  };
}

function bringsFile(copy: CopyInstruction, file: string, path: string, project: Project): boolean {
  return copiedFiles(copy, path, project)?.some(({ target }) => target === file) ?? false;
}

function nextLine(offset: number, text: string): number {
  const end = text.indexOf('\n', offset);
  return end === -1 ? text.length : end + 1;
}
