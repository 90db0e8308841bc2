import type { CopyInstruction, Dockerfile, RunInstruction, Stage } from '../../project/dockerfile/dockerfile';
import { normalFolder } from '../../project/dockerfile/stageState';
import { packageCommand } from '../../project/shell/packageCommand';
import type { ShellCommand } from '../../project/shell/shellScript';
import type { HitFix } from '../rule';
import { wholeLines } from './wholeLines';
import { withoutCommand } from './withoutCommand';

/**
 * `hf auth login --token $HF_TOKEN` is not needed where HF_TOKEN is in the environment: huggingface_hub reads it
 * from there (its docs, environment variables). Undefined where the token comes another way.
 */
export function unneededLoginFix(
  dockerfile: Dockerfile,
  run: RunInstruction,
  command: ShellCommand,
): HitFix | undefined {
  if (command.program !== 'hf' && command.program !== 'huggingface-cli') return undefined;
  if (!command.words.some(({ variables }) => variables.includes('HF_TOKEN')) || command.conditional)
    return undefined;
  const given =
    run.before.args.has('HF_TOKEN') ||
    run.before.env.has('HF_TOKEN') ||
    run.mounts.some(({ options }) => options.get('env') === 'HF_TOKEN');
  const edit = given && !run.onbuild ? withoutCommand(run, command, dockerfile.source) : undefined;
  return (
    edit && {
      kind: 'derived',
      title: 'Remove the login: HF_TOKEN is read from the environment',
      edits: [edit],
    }
  );
}

/** Files that only tools of the build read: the process at start does not need them. */
const buildOnly =
  /(?:^|\/)(?:\.netrc|\.git-credentials|\.npmrc|\.pypirc|pip\.conf|id_(?:rsa|dsa|ecdsa|ed25519))$/;

/**
 * Replaces the copy of a credential file by a secret mount at the same place, in the RUNs after it that fetch
 * something. Undefined where another instruction touches the file or its place is unknown.
 */
export function copiedSecretFix(
  dockerfile: Dockerfile,
  stage: Stage,
  copy: CopyInstruction,
  path: string,
): HitFix | undefined {
  const target = targetOf(copy, path);
  if (!buildOnly.test(path) || target === undefined || copy.onbuild) return undefined;
  const base = path.slice(path.lastIndexOf('/') + 1);
  const later = stage.instructions.filter(({ span }) => span.start > copy.span.start);
  if (later.some(({ span }) => dockerfile.source.slice(span).includes(base))) return undefined;
  const fetching = later.filter(
    (instruction) =>
      instruction.kind === 'run' && !instruction.onbuild && instruction.script.commands.some(fetches),
  );
  if (fetching.length === 0) return undefined;
  const id = base.replace(/^\./, '').replace(/\W/g, '-');
  const mode = copy.before.user.state === 'absent' ? '' : ',mode=0444';
  return {
    kind: 'derived',
    title: 'Mount {file} as a build secret where it is used, instead of copying it',
    with: { file: path },
    edits: [
      { span: wholeLines(copy, dockerfile.source), newText: '' },
      ...fetching.map(({ keywordSpan }) => ({
        span: { start: keywordSpan.end, end: keywordSpan.end },
        newText: ` --mount=type=secret,id=${id},target=${target}${mode}`,
      })),
    ],
  };
}

function targetOf({ destination, before }: CopyInstruction, path: string): string | undefined {
  const place = destination?.value;
  if (place?.state !== 'known') return undefined;
  const absolute = place.value.startsWith('/')
    ? place.value
    : before.workdir.state === 'known'
      ? `${before.workdir.value}/${place.value}`
      : undefined;
  if (absolute === undefined) return undefined;
  const base = path.slice(path.lastIndexOf('/') + 1);
  return normalFolder(/(?:\/|^\.|\/\.)$/.test(place.value) ? `${absolute}/${base}` : absolute);
}

function fetches(command: ShellCommand): boolean {
  const asked = packageCommand(command);
  if (asked)
    return ['install', 'download'].includes(asked.action) && !['apt', 'apk', 'dnf'].includes(asked.manager);
  return ['git', 'curl', 'wget', 'make', 'ssh', 'scp'].includes(command.program);
}
