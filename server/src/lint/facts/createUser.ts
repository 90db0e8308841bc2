import type { BaseImage } from '../../project/baseImage';
import type { Stage } from '../../project/dockerfile/dockerfile';
import { literalOf } from '../../project/shell/commandArguments';
import { instructionsOf, runsOf } from './stageFacts';

/** A uid outside the ranges that distributions hand out, so that it meets no host user by accident. */
const freshUid = 10001;

/** Variables that name a folder the libraries write to while serving. */
const cacheVariables = [
  'HF_HOME',
  'HF_HUB_CACHE',
  'TRANSFORMERS_CACHE',
  'SENTENCE_TRANSFORMERS_HOME',
  'TORCH_HOME',
  'XDG_CACHE_HOME',
  'MPLCONFIGDIR',
  'NUMBA_CACHE_DIR',
  'TRITON_CACHE_DIR',
  'NLTK_DATA',
];

export interface UserPlan {
  readonly lines: readonly string[];
  /** What USER names. */
  readonly user: string;
}

/**
 * Lines that end a stage as an unprivileged user: an /etc/passwd entry (torch asks getpwuid for one), HOME, and
 * the cache folders its ENV names. Undefined where the base's tools are unknown.
 */
export function planUser(stage: Stage, base: BaseImage): UserPlan | undefined {
  const existing = createdUser(stage);
  if (existing) return { lines: [`USER ${existing}`], user: existing };
  if (base.family.state !== 'known') return undefined;
  const create = createCommand(base.family.value);
  if (create === undefined)
    return base.family.value === 'distroless' ? { lines: ['USER 65532'], user: '65532' } : undefined;
  const caches = cacheFolders(stage);
  const commands = [
    create,
    ...(caches.length > 0
      ? [`mkdir -p ${caches.join(' ')}`, `chown -R ${freshUid} ${caches.join(' ')}`]
      : []),
  ];
  return {
    lines: [`RUN ${commands.join(' && ')}`, 'ENV HOME=/home/app', `USER ${freshUid}`],
    user: String(freshUid),
  };
}

function createCommand(family: string): string | undefined {
  switch (family) {
    case 'debian':
    case 'ubuntu':
    case 'rhel':
    case 'amazon':
    case 'suse':
    case 'arch':
    case 'azure':
      return `useradd --uid ${freshUid} --create-home --home-dir /home/app app`;
    case 'alpine':
    case 'wolfi':
    case 'busybox':
      return `adduser -D -u ${freshUid} -h /home/app app`;
    default:
      return undefined;
  }
}

/** The user a RUN of the stage creates: its uid where given, else its name. */
export function createdUser(stage: Stage): string | undefined {
  for (const run of runsOf(instructionsOf(stage)).toReversed()) {
    if (run.onbuild) continue;
    for (const command of run.script.commands) {
      if (command.program !== 'useradd' && command.program !== 'adduser') continue;
      const words = command.words.map((word) => literalOf(word) ?? word.raw);
      const uidFlag = words.findIndex((word) => word === '-u' || word === '--uid');
      const uid =
        uidFlag === -1 ? words.find((word) => word.startsWith('--uid='))?.slice(6) : words[uidFlag + 1];
      const name = words.at(-1);
      if (uid && /^\d+$/.test(uid)) return uid;
      if (name && /^[a-z_][\w-]*$/.test(name)) return name;
    }
  }
  return undefined;
}

function cacheFolders(stage: Stage): readonly string[] {
  const folders = cacheVariables.flatMap((name) => {
    const value = stage.end.env.get(name);
    return value?.state === 'known' && /^\/[\w./-]+$/.test(value.value) ? [value.value] : [];
  });
  return [...new Set(folders)];
}
