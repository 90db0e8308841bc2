import type { RunInstruction, Stage } from '../../project/dockerfile/dockerfile';
import type { PackageCommand } from '../../project/shell/packageCommand';

/** Where an installer looks for packages, as its command line and environment say. Files may say more. */
export interface InstallIndexes {
  /** URLs of `--index-url`, `--extra-index-url`, `--find-links`, `--index`, and their variables. */
  readonly urls: readonly string[];
  /** Some index or backend is set by a variable or file nobody can read. */
  readonly isUnknown: boolean;
  /** `--no-index`: only local files. */
  readonly localOnly: boolean;
  /** `--torch-backend` or UV_TORCH_BACKEND: `cpu`, `cu126`, `auto`. */
  readonly torchBackend: string | undefined;
}

const urlFlags = new Set([
  '-i',
  '--index-url',
  '--extra-index-url',
  '-f',
  '--find-links',
  '--index',
  '--default-index',
]);
const urlVariables = [
  'PIP_INDEX_URL',
  'PIP_EXTRA_INDEX_URL',
  'PIP_FIND_LINKS',
  'UV_INDEX',
  'UV_DEFAULT_INDEX',
  'UV_INDEX_URL',
  'UV_EXTRA_INDEX_URL',
  'UV_FIND_LINKS',
];

export function installIndexes(stage: Stage, run: RunInstruction, command: PackageCommand): InstallIndexes {
  const urls: string[] = [];
  let isUnknown = false;
  const add = (value: string | undefined): void => {
    if (value === undefined) isUnknown = true;
    else urls.push(...value.split(/\s+/).filter((url) => url !== ''));
  };
  for (const option of command.options) if (urlFlags.has(option.name)) add(option.value);
  for (const name of [...urlVariables, 'UV_TORCH_BACKEND']) {
    const value = variable(name, run, command);
    if (value === undefined) continue;
    if (value.state !== 'known') isUnknown = true;
    else if (name !== 'UV_TORCH_BACKEND') add(value.value);
  }
  const backendFlag = command.options.find(({ name }) => name === '--torch-backend')?.value;
  const backendVariable = variable('UV_TORCH_BACKEND', run, command);
  const backend = backendFlag ?? (backendVariable?.state === 'known' ? backendVariable.value : undefined);
  return {
    urls,
    isUnknown: isUnknown || readsForeignConfiguration(stage, run),
    localOnly: command.options.some(({ name }) => name === '--no-index'),
    torchBackend: backend,
  };
}

function variable(
  name: string,
  run: RunInstruction,
  { command }: PackageCommand,
): { readonly state: string; readonly value: string } | undefined {
  const inline = command.assignments.find((assignment) => assignment.name === name)?.value;
  const value = inline ?? run.before.env.get(name) ?? run.before.args.get(name);
  if (!value || value.state === 'absent') return undefined;
  return value.state === 'known' ? value : { state: 'unknown', value: '' };
}

/** A pip.conf or uv.toml that is copied, mounted or written may name any index. */
function readsForeignConfiguration(stage: Stage, run: RunInstruction): boolean {
  const mounted = run.mounts.some(
    ({ type, options }) =>
      type === 'secret' &&
      /pip|uv|netrc|index/i.test(`${options.get('id') ?? ''}${options.get('target') ?? ''}`),
  );
  return mounted || copiesConfiguration(stage);
}

const copying = new WeakMap<Stage, boolean>();

/** A pip.conf or its kind comes with a COPY; asked for every installation of the stage. */
function copiesConfiguration(stage: Stage): boolean {
  const known = copying.get(stage);
  if (known !== undefined) return known;
  const names = /(^|\/)(pip\.conf|\.pip|uv\.toml|\.netrc)$/;
  const copied = stage.instructions.some(
    (instruction) =>
      instruction.kind === 'copy' &&
      [...instruction.sources, ...(instruction.destination ? [instruction.destination] : [])].some(
        ({ raw }) => names.test(raw),
      ),
  );
  copying.set(stage, copied);
  return copied;
}
