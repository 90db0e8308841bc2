import { absent } from '../answer';
import { folderOf } from './projectPath';
import { dockerCommandsIn } from './shellCommands';
import { rootMark, type StatedBuild, statedByCommand } from './statedBuild';

export function isMakefilePath(path: string): boolean {
  return /(?:^|\/)(?:GNUmakefile|[Mm]akefile(?:\.[\w.-]+)?)$|\.mk$|(?:^|\/)\.?[Jj]ustfile$/.test(path);
}

/** The builds in a Makefile's (or justfile's) recipes. Each recipe line is a shell of its own in the file's folder. */
export function makefileBuilds(path: string, text: string): readonly StatedBuild[] {
  const variables = assignments(text);
  const folder = folderOf(path);
  const builds: StatedBuild[] = [];
  for (const recipe of recipeLines(text)) {
    if (!/docker|podman|nerdctl|buildah/.test(recipe.text) && !/\$[({]\w+[)}]/.test(recipe.text)) continue;
    const shell = expanded(recipe.text.replace(/^[\s@+-]+/, ''), variables);
    for (const { command, folders } of dockerCommandsIn(shell, 0, [folder], folder, () => absent)) {
      if (command.kind !== 'build') continue;
      // Variables were filled in, so offsets of the filled text mean nothing in the file: the line is the place.
      builds.push(statedByCommand(command, { kind: 'makefile', file: path, span: recipe.span }, folders));
    }
  }
  return builds;
}

interface RecipeLine {
  readonly text: string;
  readonly span: { readonly start: number; readonly end: number };
}

/** Indented lines, joined where they end in a backslash. */
function* recipeLines(text: string): Generator<RecipeLine> {
  const lines = /(?:^|\n)([ \t]+(?:[^\n\\]|\\(?:\r?\n|[^\n]))*)/g;
  for (let match = lines.exec(text); match; match = lines.exec(text)) {
    const line = match[1] ?? '';
    const start = match.index + match[0].length - line.length;
    yield {
      text: line,
      span: { start: start + line.length - line.trimStart().length, end: start + line.trimEnd().length },
    };
    // The line end belongs to the next line's start.
    lines.lastIndex = start + line.length;
  }
}

function assignments(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const lines = /^(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*(?:\?|::?|:::)?=[ \t]*([^\n#]*)/gm;
  for (let match = lines.exec(text); match; match = lines.exec(text)) {
    const [, name = '', value = ''] = match;
    found.set(name, value.trim().replace(/^(["'])(.*)\1$/, '$2'));
  }
  return found;
}

const makeFolder = /^(?:CURDIR|PWD)$/;

/** Puts in what the file assigns, a few levels deep; `$(shell …)` and unassigned names stay for the shell to fail on. */
function expanded(text: string, variables: ReadonlyMap<string, string>): string {
  let filled = text.replaceAll('$(shell git rev-parse --show-toplevel)', rootMark);
  for (let depth = 0; depth < 4 && /\$[({]\w+[)}]|\{\{/.test(filled) && filled.length < 20_000; depth++) {
    filled = filled.replace(
      /\$\((\w+)\)|\$\{(\w+)\}|\{\{[ \t]*(\w+)[ \t]*\}\}/g,
      (form, first?: string, second?: string, third?: string) => {
        const name = first ?? second ?? third ?? '';
        if (makeFolder.test(name)) return '.';
        if (name === 'DOCKER' && !variables.has(name)) return 'docker';
        const value = variables.get(name);
        return value === undefined ? form : value;
      },
    );
  }
  // What is left unassigned must not be taken for a command substitution of the shell.
  return filled.replace(/\$\((\w+)\)/g, '$${$1}').replaceAll('$$', '$');
}
