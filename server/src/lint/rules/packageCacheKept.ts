import type { Dockerfile, RunInstruction, Stage } from '../../project/dockerfile/dockerfile';
import { literalOf } from '../../project/shell/commandArguments';
import type { PackageCommand } from '../../project/shell/packageCommand';
import type { SourceText } from '../../project/sourceText';
import type { Span } from '../../project/span';
import { appendCommand } from '../facts/appendCommand';
import { type CacheOwner } from '../facts/cacheFolders';
import { type KeptCache, keptCaches } from '../facts/keptCaches';
import { mayConfigurePipCache } from '../facts/pipConfiguration';
import { runVariable } from '../facts/runVariable';
import { shippedStages } from '../facts/shippedStages';
import {
  baseOf,
  instructionsOf,
  packageCommandsOf,
  purposeOf,
  runsOf,
  stageChain,
} from '../facts/stageFacts';
import { wheelCopies } from '../facts/wheelFolders';
import { defineRule, type Hit, type HitFix, type SpanEdit } from '../rule';

const downloadsKept = '{command} leaves its downloads in the layer, in {folder}';
const listsKept = '{command} leaves its package lists in the layer, in {folder}';
const linkedByUv =
  'uv links what it installs to its cache, so those bytes count once; what it built and the index pages it read stay beside them, and every host pulls them.';
const joinAdvice = 'Join {command} and the installs that read its lists in one RUN, and end it with {clean}.';
const mountAdvice =
  'Add {flag} to {command}. To keep the cache for rebuilds, hold it outside the image: RUN --mount=type=cache,target={folder}.';
const cleanAdvice =
  'Run {clean} at the end of the same RUN, or hold the folder outside the image: RUN --mount=type=cache,target={folder}.';

/** Managers whose cache the base image can switch off by a variable that this file does not show. */
const switchedByEnvironment: ReadonlySet<CacheOwner> = new Set(['pip', 'uv']);

export const packageCacheKept = defineRule({
  name: 'package-cache-kept',
  on: 'dockerfile',
  concern: 'size',
  severity: 'warning',
  summary: 'A package manager leaves its cache or its package lists in a layer that ships.',
  why: 'The cache serves a next install that never happens in this image, and every host pulls it. pip stores each wheel a second time: in vLLM’s image that was 3.5 GB.',
  next: 'Switch the cache off, remove it in the same RUN, or hold it outside the image with RUN --mount=type=cache.',
  sources: [
    'Docker docs, Building best practices, RUN',
    'pip docs, Caching',
    'uv docs, Using uv in Docker',
    'vllm-project/vllm issue 13112',
  ],
  fixKind: 'safe',
  aboutSize: true,
  *check({ dockerfile, project }) {
    const { purpose } = purposeOf(dockerfile);
    if (purpose === 'template' || purpose === 'ci') return;
    const source = dockerfile.source;
    for (const stage of shippedStages(dockerfile)) {
      for (const run of runsOf(stage.instructions)) {
        for (const cache of keptCaches(run, source)) {
          const asPip = cache.owner === 'pip';
          if (asPip && mayConfigurePipCache(earlierThan(run, stage), source, project.tree)) continue;
          if (asPip && installsCopiedWheels(cache, dockerfile, stage)) continue;
          const severity = severityFor(cache, run, stage, source);
          const needed = cache.owner === 'apt' && listsNeededLater(run, stage, dockerfile);
          if (severity) yield hitFor(cache, run, dockerfile, severity, needed);
        }
      }
    }
  },
});

function earlierThan(run: RunInstruction, stage: Stage): ReturnType<typeof instructionsOf> {
  return instructionsOf(stage).filter((instruction) => instruction.span.start < run.span.start);
}

/** Undefined where the base image alone decides and nobody knows it. */
function severityFor(
  cache: KeptCache,
  run: RunInstruction,
  stage: Stage,
  source: SourceText,
): Hit['severity'] | undefined {
  if (!switchedByEnvironment.has(cache.owner)) return 'warning';
  if (stage.base.state === 'unknown') return undefined;
  if (stage.base.state === 'known' && baseOf(stage).family.state !== 'known') return 'info';
  // What a wheel on disk still downloads is known to its metadata alone.
  if (cache.commands.every(installsOnlyWheels)) return 'info';
  if (cache.owner !== 'uv') return 'warning';
  // uv links what it installs to its cache: the layer holds those bytes once, unless it is told to copy.
  const first = cache.commands[0];
  const mode = first && runVariable(run, first.command, 'UV_LINK_MODE', source);
  return mode?.state === 'known' && mode.value === 'copy' ? 'warning' : 'info';
}

/** A later RUN of this image, or of a stage on top of it, installs from these lists without an update of its own. */
function listsNeededLater(run: RunInstruction, stage: Stage, dockerfile: Dockerfile): boolean {
  const onTop = dockerfile.stages.filter((other) => stageChain(other).includes(stage));
  return onTop
    .flatMap((other) => runsOf(other.instructions))
    .filter((other) => other.span.start > run.span.start)
    .some((other) => {
      const first = packageCommandsOf(other).find(
        ({ manager, action }) => manager === 'apt' && (action === 'install' || action === 'update'),
      );
      return first?.action === 'install';
    });
}

function installsOnlyWheels({ localSources, packages, requirementFiles }: PackageCommand): boolean {
  return (
    packages.length === 0 &&
    requirementFiles.length === 0 &&
    localSources.length > 0 &&
    localSources.every((word) => /\.whl["']?$/.test(word.raw))
  );
}

/** Every wheel lies in a folder that a build stage filled: nothing is downloaded. */
function installsCopiedWheels(cache: KeptCache, dockerfile: Dockerfile, stage: Stage): boolean {
  const folders = wheelCopies(dockerfile, stage).map(({ destination }) => destination);
  return cache.commands.every(
    ({ localSources, packages, requirementFiles }) =>
      localSources.length > 0 &&
      packages.length === 0 &&
      requirementFiles.length === 0 &&
      localSources.every((word) => folders.some((folder) => literalOf(word)?.startsWith(`${folder}/`))),
  );
}

function hitFor(
  cache: KeptCache,
  run: RunInstruction,
  dockerfile: Dockerfile,
  severity: NonNullable<Hit['severity']>,
  neededLater: boolean,
): Hit {
  const { owner, folder } = cache;
  const first = cache.commands[0] as PackageCommand;
  const span = wordsOf(first, dockerfile.source);
  const texts = {
    command: commandText(first),
    folder,
    flag: flags[owner] ?? '',
    clean: cleanCommand(cache) ?? '',
  };
  const isList = owner === 'apt' || owner === 'apk' || owner === 'dnf' || owner === 'zypper';
  const fix = neededLater ? undefined : fixFor(cache, run, dockerfile, texts);
  return {
    span,
    severity,
    what: isList ? listsKept : downloadsKept,
    with: texts,
    ...(owner === 'uv' && severity === 'info' ? { why: linkedByUv } : {}),
    next: neededLater ? joinAdvice : texts.flag === '' ? cleanAdvice : mountAdvice,
    aliases: aliasesFor(cache, run),
    ...(fix ? { fix } : {}),
  };
}

/** `pip install`, `uv pip install`, `apt-get update`: options and paths left out. */
function commandText({ command, actionWord, manager }: PackageCommand): string {
  const action = literalOf(actionWord) ?? actionWord.raw;
  if (actionWord === command.name) return action;
  const before = command.words[command.words.indexOf(actionWord) - 1];
  const group =
    before && /^(pip|tool|env|group)$/.test(before.raw) && manager !== 'pip' ? `${before.raw} ` : '';
  return `${/^(python|pypy|pip)/.test(command.program) ? manager : command.program} ${group}${action}`;
}

/** From the program to its action where both stand on one line, else the action. */
function wordsOf({ command, actionWord }: PackageCommand, source: SourceText): Span {
  const whole = { start: command.name.span.start, end: actionWord.span.end };
  return source.slice(whole).includes('\n') ? actionWord.span : whole;
}

const flags: Readonly<Partial<Record<CacheOwner, string>>> = {
  pip: '--no-cache-dir',
  apk: '--no-cache',
  uv: '--no-cache',
};

/** The command that empties the cache, for managers without a flag. */
function cleanCommand({ owner, folder, commands }: KeptCache): string | undefined {
  const program = commands[0]?.command.program ?? '';
  const command = (() => {
    switch (owner) {
      case 'apt':
        return 'rm -rf /var/lib/apt/lists/*';
      case 'dnf':
      case 'zypper':
        return `${program} clean ${owner === 'zypper' ? '--all' : 'all'}`;
      case 'conda':
        return program === 'micromamba' ? 'micromamba clean --all --yes' : `${program} clean -afy`;
      case 'npm':
        return 'npm cache clean --force';
      case 'yarn':
        return 'yarn cache clean';
      case 'poetry':
        // Poetry's environments may lie in the same folder.
        return `rm -rf ${folder}/cache ${folder}/artifacts`;
      default:
        return undefined;
    }
  })();
  const asRoot = commands[0]?.command.wrappers.some((word) => literalOf(word) === 'sudo');
  return command !== undefined && asRoot ? `sudo ${command}` : command;
}

function fixFor(
  cache: KeptCache,
  run: RunInstruction,
  dockerfile: Dockerfile,
  texts: Readonly<Record<string, string>>,
): HitFix | undefined {
  const flag = flags[cache.owner];
  if (flag !== undefined) {
    const edits = cache.commands.map((command) => flagEdit(command, flag, run, dockerfile.source));
    return { kind: 'safe', title: 'Add {flag}', with: texts, edits };
  }
  if (texts['clean'] === undefined || texts['clean'] === '') return undefined;
  const edit = appendCommand(run, dockerfile.source, dockerfile.escape, texts['clean']);
  return edit && { kind: 'safe', title: 'Add {clean} to this RUN', with: texts, edits: [edit] };
}

function flagEdit(command: PackageCommand, flag: string, run: RunInstruction, source: SourceText): SpanEdit {
  if (command.manager === 'apk' && command.action === 'update') {
    const dropped = listUpdate(command, run, source);
    if (dropped) return { span: dropped, newText: '' };
  }
  const { end } = command.actionWord.span;
  const inJson = run.form === 'exec' && command.actionWord.raw.startsWith('"');
  return { span: { start: end, end }, newText: inJson ? `, "${flag}"` : ` ${flag}` };
}

/** `apk update && ` before another apk command: `--no-cache` reads fresh lists by itself. */
function listUpdate(command: PackageCommand, run: RunInstruction, source: SourceText): Span | undefined {
  const { commands } = run.script;
  const next = commands[commands.indexOf(command.command) + 1];
  if (next?.program !== 'apk' || next.nested !== command.command.nested) return undefined;
  if (next.connector !== '&&' && next.connector !== ';') return undefined;
  const between = source.text.slice(command.command.span.end, next.span.start);
  return /^\s*(&&|;)?[\s\\`]*$/.test(between)
    ? { start: command.command.span.start, end: next.span.start }
    : undefined;
}

/** Codes of tools that report this very case; each has its own idea of what counts as clean. */
function aliasesFor({ owner, commands }: KeptCache, run: RunInstruction): readonly string[] {
  const called = (program: string): boolean => commands.some(({ command }) => command.program === program);
  const adds = commands.some(({ action }) => action === 'install');
  // hadolint takes any `rm` with `-rf` for the clean-up.
  const removes = run.script.commands.some(
    ({ program, words }) => program === 'rm' && words.some((word) => literalOf(word) === '-rf'),
  );
  switch (owner) {
    case 'pip':
      return adds ? ['DL3042'] : [];
    case 'apt':
      return called('apt-get') && !removes ? ['DL3009'] : [];
    case 'apk':
      return adds ? ['DL3019', 'DS-0025', 'DS025'] : [];
    case 'dnf':
      if (removes || !adds) return [];
      if (called('yum')) return ['DL3032', 'DS-0015', 'DS015'];
      return called('dnf') || called('microdnf') ? ['DL3040', 'DS-0019', 'DS019'] : [];
    case 'zypper':
      return adds ? ['DL3036', 'DS-0020', 'DS020'] : [];
    case 'yarn':
      return adds ? ['DL3060'] : [];
    default:
      return [];
  }
}
