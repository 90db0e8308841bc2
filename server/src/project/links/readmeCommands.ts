import type { SourceText } from '../sourceText';
import { folderOf } from './projectPath';
import { dockerCommandsIn, mayBuild } from './shellCommands';
import { type BuildSource, type StatedBuild, statedByCommand } from './statedBuild';

export function isReadmePath(path: string): boolean {
  return /(?:^|\/)(?:[\w.-]*readme[\w.-]*|install(?:ation)?|building|build|deploy(?:ment)?|docker|getting[-_]started|quick[-_]?start|usage|contributing)\.(?:md|markdown|rst)$/i.test(
    path,
  );
}

/** Blocks longer than this are listings, not commands. */
const longestBlock = 8_000;

/** The build commands in a README's code blocks. They start in the README's folder or the project's root. */
export function readmeBuilds(path: string, text: string): readonly StatedBuild[] {
  const own = folderOf(path);
  const builds: StatedBuild[] = [];
  for (const block of codeBlocks(text)) {
    builds.push(...buildsIn(block.text, block.start, 'readme', path, [...new Set([own, ''])]));
  }
  return builds;
}

/** The build commands people leave in a Dockerfile's comments: `# docker build -f docker/Dockerfile .` */
export function dockerfileCommentBuilds(source: SourceText): readonly StatedBuild[] {
  const own = folderOf(source.path);
  const builds: StatedBuild[] = [];
  const lines = /^[ \t]*#([^\n]*\b(?:docker|podman|buildah)\b[^\n]*\bbuild\b[^\n]*)/gm;
  for (let match = lines.exec(source.text); match; match = lines.exec(source.text)) {
    const comment = match[1] ?? '';
    const at = comment.search(/\b(?:docker|podman|buildah)\s/);
    if (at === -1) continue;
    const start = match.index + match[0].length - comment.length + at;
    const command = comment.slice(at).replace(/[`'")]+\s*$/, (end) => ' '.repeat(end.length));
    builds.push(...buildsIn(command, start, 'dockerfile-comment', source.path, [...new Set(['', own])]));
  }
  return builds;
}

function buildsIn(
  text: string,
  start: number,
  kind: BuildSource,
  file: string,
  folders: readonly string[],
): readonly StatedBuild[] {
  if (!mayBuild(text)) return [];
  return dockerCommandsIn(text, start, folders, '').flatMap(({ command, folders: here }) =>
    command.kind === 'build' ? [statedByCommand(command, { kind, file, span: command.span }, here)] : [],
  );
}

const windowsLanguages = /^(?:powershell|pwsh|ps1?|cmd|bat|batch|dos)$/i;
const otherLanguages =
  /^(?:dockerfile|docker|ya?ml|json|jsonc|python|py|toml|ini|diff|xml|html|css|js|javascript|ts|typescript|go|rust|sql|mermaid)$/i;

/** Fenced blocks that may hold commands, prompts blanked so that offsets stay. */
function* codeBlocks(text: string): Generator<{ text: string; start: number }> {
  const fences = /(?:^|\n)[ \t>]*(`{3,}|~{3,})[ \t]*([\w+-]*)[^\n]*\n/g;
  for (let open = fences.exec(text); open; open = fences.exec(text)) {
    const fence = open[1] ?? '```';
    const language = open[2] ?? '';
    const start = open.index + open[0].length;
    const close = new RegExp(`\\n[ \\t>]*${fence}`, 'g');
    close.lastIndex = start - 1;
    const end = close.exec(text)?.index ?? text.length;
    fences.lastIndex = Math.min(text.length, end + 1 + fence.length);
    const body = text.slice(start, Math.max(start, end));
    if (body.length > longestBlock || otherLanguages.test(language)) continue;
    const prompted = body.replace(
      /^([ \t]*)(?:\$|#|>|PS[^>\n]*>|C:\\[^>\n]*>|\w+@[\w.-]+[:~][^$#\n]*[$#])([ \t]+)/gm,
      (prompt) => ' '.repeat(prompt.length),
    );
    yield {
      text: windowsLanguages.test(language)
        ? prompted.replaceAll('\\', '/').replace(/[`^](?=\r?\n)/g, '\\')
        : prompted,
      start,
    };
  }
}
