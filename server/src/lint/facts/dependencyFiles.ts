import type { RunInstruction } from '../../project/dockerfile/dockerfile';
import type { Project } from '../../project/project';
import { literalOf } from '../../project/shell/commandArguments';
import type { PackageCommand } from '../../project/shell/packageCommand';
import type { ShellCommand } from '../../project/shell/shellScript';
import { absolutePath } from './commandFolders';
import { packageCommandsOf } from './stageFacts';

/** What a RUN installs from files alone, without the project's code. */
export interface DependencyInstall {
  readonly command: PackageCommand;
  /** Absolute paths in the image that must be there; optional ones may be missing. */
  readonly files: readonly string[];
  readonly optional: readonly string[];
}

/**
 * The install of a RUN that needs dependency files only; undefined where it may need the code: a local project, an
 * environment of uv or Poetry with the project in it, npm scripts, or a command besides the installs.
 */
export function dependencyInstall(run: RunInstruction): DependencyInstall | undefined {
  const { workdir } = run.before;
  const commands = packageCommandsOf(run);
  if (run.onbuild || (run.heredocs.length > 0 && !run.scriptHeredoc)) return undefined;
  // A plain RUN: its commands are installs, and what cleans up behind them.
  if (
    run.script.commands.some(
      (command) => !commands.some((asked) => asked.command === command) && !needsNoFile(command),
    )
  )
    return undefined;
  const at = (path: string): string => {
    const found = absolutePath(workdir, path);
    return found.state === 'known' ? found.value : '';
  };
  let found: DependencyInstall | undefined;
  for (const command of commands) {
    const names = filesOf(command);
    if (names === 'code') return undefined;
    if (!names || found) continue;
    found = { command, files: names.needed.map(at), optional: names.optional.map(at) };
    if (found.files.includes('')) return undefined;
  }
  return found;
}

/** Commands that read nothing of the project: cleaning up, talking, making a virtual environment. */
function needsNoFile({ program, words }: ShellCommand): boolean {
  if (/^(rm|set|true|echo|export)$/.test(program)) return true;
  return /^python[\d.]*$/.test(program) && words[0]?.raw === '-m' && words[1]?.raw === 'venv';
}

interface NamedFiles {
  readonly needed: readonly string[];
  readonly optional: readonly string[];
}

function filesOf({
  manager,
  action,
  options,
  packages,
  localSources,
  requirementFiles,
  actionWord,
}: PackageCommand): NamedFiles | 'code' | undefined {
  const has = (...names: readonly string[]): boolean => options.some(({ name }) => names.includes(name));
  if (action !== 'install') return undefined;
  if (localSources.length > 0 || has('-C', '--directory', '--project', '--prefix')) return 'code';
  const verb = literalOf(actionWord);
  switch (manager) {
    case 'pip':
    case 'uv': {
      if (manager === 'uv' && verb === 'sync' && requirementFiles.length === 0)
        return has('--no-install-project', '--no-install-workspace') && !has('--package', '--all-packages')
          ? { needed: ['pyproject.toml', 'uv.lock'], optional: [] }
          : 'code';
      const files = requirementFiles.map(literalOf);
      if (files.some((file) => file === undefined)) return 'code';
      return files.length > 0
        ? { needed: files.filter((file) => file !== undefined), optional: [] }
        : undefined;
    }
    case 'poetry':
      return verb !== 'add' && has('--no-root')
        ? { needed: ['pyproject.toml'], optional: ['poetry.lock'] }
        : 'code';
    case 'npm':
      if (packages.length > 0) return undefined;
      return {
        needed: ['package.json'],
        optional: [
          'package-lock.json',
          'npm-shrinkwrap.json',
          'yarn.lock',
          'pnpm-lock.yaml',
          '.npmrc',
          '.yarnrc.yml',
        ],
      };
    default:
      return undefined;
  }
}

/** The dependency file names the project itself: `-e .`, `./pkg`, a workspace, a script that runs on install. */
export function needsCode(path: string, project: Project): boolean {
  const text = project.tree.textOf(path);
  if (path.endsWith('package.json'))
    return (
      text === undefined ||
      /"(preinstall|install|postinstall|prepare|workspaces)"\s*:|"(file|link|workspace):/.test(text)
    );
  if (path.endsWith('pyproject.toml')) return text !== undefined && /workspace|path\s*=/.test(text);
  if (!/\.(txt|in)$/.test(path)) return false;
  return text !== undefined && /^\s*(-e\s+)?(\.{1,2}(\/|\[|\s|$)|file:)|^\s*-e\s+\.|@\s*file:/m.test(text);
}
