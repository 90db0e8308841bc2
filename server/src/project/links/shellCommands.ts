import { type Answer, absent, known } from '../answer';
import { parseShell } from '../shell/parseShell';
import type { ShellCommand, ShellWord } from '../shell/shellScript';
import type { ShellLookup } from '../shell/shellWord';
import { type DockerCommand, dockerCommand } from './dockerCommand';
import { joinPath } from './projectPath';
import { rootMark, scriptMark } from './statedBuild';

/** Text with more is made to be slow: parsing nested substitutions takes time that grows with their depth squared. */
const mostSubstitutions = 1_000;

/**
 * Whether text may hold a build, so that it is worth parsing: most scripts and workflows that name docker only run
 * or log in.
 */
export function mayBuild(text: string): boolean {
  return /(?:docker|podman|nerdctl|buildah|DOCKER)[\s\S]{0,120}?\b(?:build|bud)\b|kaniko/.test(text);
}

/** A docker command in a script, with the folders it may run in; none when a `cd` nobody can follow came before. */
export interface PlacedCommand {
  readonly command: DockerCommand;
  readonly folders: readonly string[];
}

/**
 * The docker commands of shell text that starts in one of `folders`, following `cd` and `pushd`. `text` stands at
 * `offset` of its file. `scriptFolder` is the folder of a script file, which `$(dirname "$0")` means.
 */
export function dockerCommandsIn(
  text: string,
  offset: number,
  folders: readonly string[],
  scriptFolder: string,
  lookup: ShellLookup = () => absent,
): PlacedCommand[] {
  if (!/docker|podman|nerdctl|buildah|kaniko/.test(text)) return [];
  if (text.split('$(').length > mostSubstitutions) return [];
  const script = parseShell(withMarks(text), offset, (name) => wellKnown[name] ?? lookup(name));
  const found: PlacedCommand[] = [];
  let outer = folders;
  let inner = folders;
  let statement = -1;
  const before: (readonly string[])[] = [];
  for (const command of script.commands) {
    if (!command.nested || command.statement !== statement) inner = outer;
    statement = command.statement;
    const here = command.nested ? inner : outer;
    if (command.program === 'popd') outer = before.pop() ?? outer;
    if (command.program === 'cd' || command.program === 'pushd') {
      if (command.program === 'pushd') before.push(outer);
      const next = afterCd(command, here, scriptFolder);
      inner = next;
      if (!command.nested) outer = next;
      continue;
    }
    const read = dockerCommand([command.name, ...command.words], command.span);
    if (read) found.push({ command: read, folders: here });
  }
  return found;
}

function afterCd(command: ShellCommand, here: readonly string[], scriptFolder: string): readonly string[] {
  const word = command.words.find((candidate) => !candidate.raw.startsWith('-'));
  const path = word && literal(word);
  if (path === undefined || command.conditional) return [];
  if (path.startsWith(rootMark)) return joined([''], path.slice(rootMark.length).replace(/^\/+/, ''));
  if (path.startsWith(scriptMark))
    return joined([scriptFolder], path.slice(scriptMark.length).replace(/^\/+/, ''));
  return joined(here, path);
}

function joined(folders: readonly string[], path: string): readonly string[] {
  return folders.flatMap((folder) => joinPath(folder, path) ?? []);
}

function literal(word: ShellWord): string | undefined {
  return word.value.state === 'known' ? word.value.value : undefined;
}

/** What CI systems call the checked-out project. */
const wellKnown: Readonly<Record<string, Answer<string>>> = {
  GITHUB_WORKSPACE: known(rootMark),
  CI_PROJECT_DIR: known(rootMark),
  BITBUCKET_CLONE_DIR: known(rootMark),
  PWD: known('.'),
};

const scriptFolderForms =
  /\$\(\s*dirname\s+(?:--\s+)?"?(?:\$0|\$\{0\}|\$\{?BASH_SOURCE(?:\[0\]\})?(?::-\$0\})?)"?\s*\)|\$\{(?:0|BASH_SOURCE|BASH_SOURCE\[0\])%\/\*\}/g;
const rootForms = /\$\(\s*git\s+rev-parse\s+--show-toplevel(?:\s+2>\s*\/dev\/null)?\s*\)/g;
const absoluteForms =
  /\$\(\s*(?:(?:realpath|readlink\s+-f|readlink\s+-e)\s+"?(:(?:script|root):[^")\s]*)"?|cd\s+(?:-P\s+|--\s+)?"?(:(?:script|root):[^")\s]*)"?\s*(?:&>\s*\/dev\/null|>\s*\/dev\/null(?:\s+2>&1)?)?\s*(?:&&|;)\s*pwd(?:\s+-P)?)\s*\)/g;

/** The usual spellings of the script's own folder and the repository's root, put as marks of equal length. */
function withMarks(text: string): string {
  const padded = (mark: string, length: number): string => mark.padEnd(length, '/');
  return text
    .replace(scriptFolderForms, (form) => padded(scriptMark, form.length))
    .replace(rootForms, (form) => padded(rootMark, form.length))
    .replace(absoluteForms, (form, first?: string, second?: string) =>
      padded(first ?? second ?? rootMark, form.length),
    )
    .replace(/\$\(pwd\)|\$\{PWD\}/g, './././');
}
