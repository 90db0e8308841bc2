import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { combineSettings, type SettingsLayer, unknownRuleNames } from '../../lint/combineSettings';
import type { LintSettings } from '../../lint/settings';
import {
  type Configuration,
  configurationNames,
  emptyConfiguration,
} from '../../project/configuration/configuration';
import { nearestConfiguration } from '../../project/configuration/nearestConfiguration';
import { readConfiguration } from '../../project/configuration/readConfiguration';
import type { FileTree } from '../../project/fileTree';
import type { Problem } from '../../protocol/problem';
import { Failure } from '../failure';

/** A configuration file and the folder its paths are relative to. */
export interface FoundConfiguration {
  /** Path as shown; undefined when there is none and the defaults hold. */
  readonly file: string | undefined;
  /** Absolute folder. */
  readonly folder: string;
  readonly configuration: Configuration;
  readonly problems: readonly Problem[];
}

/** `--config F`. A file that cannot be read ends the command. */
export function namedConfiguration(file: string, cwd: string): FoundConfiguration {
  let text: string;
  try {
    text = readFileSync(resolve(cwd, file), 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new Failure({
      code: 'configuration-unreadable',
      what: { template: '{file} was not read', with: { file } },
      why:
        code === 'ENOENT'
          ? { template: 'No file or folder has this path' }
          : { template: 'The system answered {code}', with: { code } },
      next: [{ template: 'Check the path given with --config' }],
    });
  }
  return found(text, file, dirname(resolve(cwd, file)));
}

/** The nearest configuration at or above the folder. */
export function configurationAbove(root: string): FoundConfiguration {
  for (let folder = root; ; folder = dirname(folder)) {
    for (const name of configurationNames) {
      const text = textOrUndefined(join(folder, name));
      if (text !== undefined) return found(text, folder === root ? name : join(folder, name), folder);
    }
    if (dirname(folder) === folder)
      return { file: undefined, folder: root, configuration: emptyConfiguration, problems: [] };
  }
}

/** Per file of a project: the nearest configuration inside it, else the one above its root. */
export class Configurations {
  private readonly read = new Map<string, FoundConfiguration>();

  constructor(
    private readonly root: string,
    private readonly tree: FileTree,
    private readonly outer: FoundConfiguration,
    private readonly fixed: boolean,
  ) {}

  of(path: string): FoundConfiguration {
    const file = this.fixed ? undefined : nearestConfiguration(this.tree, path);
    if (file === undefined || file === this.outer.file) return this.outer;
    const known = this.read.get(file);
    if (known) return known;
    const configuration = found(
      textOrUndefined(join(this.root, file)) ?? '',
      file,
      dirname(join(this.root, file)),
    );
    this.read.set(file, configuration);
    return configuration;
  }

  settingsOf(path: string, flags: SettingsLayer): LintSettings {
    return combineSettings(flags, this.of(path).configuration, {});
  }

  get problems(): readonly Problem[] {
    return [this.outer, ...this.read.values()].flatMap(({ file, configuration, problems }) => [
      ...problems,
      ...unknownRuleNames(configuration, file ?? ''),
    ]);
  }
}

function found(text: string, file: string, folder: string): FoundConfiguration {
  return { file, folder, ...readConfiguration(text, file) };
}

function textOrUndefined(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
