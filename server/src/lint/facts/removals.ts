import type { Answer } from '../../project/answer';
import { unknown } from '../../project/answer';
import type { RunInstruction } from '../../project/dockerfile/dockerfile';
import { literalOf } from '../../project/shell/commandArguments';
import type { ShellCommand, ShellWord } from '../../project/shell/shellScript';
import { absolutePath, commandFolders } from './commandFolders';

/** One path that a RUN removes. */
export interface Removal {
  readonly command: ShellCommand;
  readonly word: ShellWord;
  /** Absolute, may hold `*` and `?`; `~` stands for an unknown home folder. Unknown when a variable hides it. */
  readonly path: Answer<string>;
  /** Position of the command in the RUN. */
  readonly at: number;
}

/** What `rm`, `rmdir`, `unlink` and `find ... -delete` of a RUN remove, in order. */
export function removalsOf(run: RunInstruction): readonly Removal[] {
  const folders = commandFolders(run);
  const expandsBraces = run.interpreter.state === 'known' && /^(ba|z|k)sh$/.test(run.interpreter.value);
  return run.script.commands.flatMap((command, at) =>
    removedWords(command).flatMap((word) =>
      spellings(word, expandsBraces).map((text): Removal => {
        const folder = folders.get(command) ?? unknown;
        return { command, word, at, path: text === undefined ? unknown : pathOf(text, folder) };
      }),
    ),
  );
}

function removedWords(command: ShellCommand): readonly ShellWord[] {
  const { program, words } = command;
  if (program === 'rm' || program === 'rmdir' || program === 'unlink')
    return words.filter((word) => !word.raw.startsWith('-'));
  if (program !== 'find') return [];
  const texts = words.map((word) => literalOf(word) ?? word.raw);
  const removes =
    texts.includes('-delete') ||
    texts.some((text, at) => /^-exec(dir)?$/.test(text) && texts[at + 1] === 'rm');
  const firstTest = texts.findIndex((text) => /^[-(!]/.test(text));
  // `find / -name x -delete` removes some files of a folder; only one without a name test empties it.
  return removes && !texts.some((text) => /^-(i?name|i?path|i?regex|size|mtime|newer)$/.test(text))
    ? words.slice(0, firstTest === -1 ? undefined : firstTest)
    : [];
}

/** The word's texts with `{a,b}` expanded where the shell does that; undefined for an unknown text. */
function spellings(word: ShellWord, expandsBraces: boolean): readonly (string | undefined)[] {
  const text = literalOf(word) ?? homeSpelled(word.raw);
  if (text === undefined || !word.hasBraces || !expandsBraces) return [text];
  const [, head = '', list, tail = ''] = /^([^{]*)\{([^{}]*)\}([^{}]*)$/.exec(text) ?? [];
  return list === undefined ? [undefined] : list.split(',').map((part) => head + part + tail);
}

/** `"$HOME/.cache"` and `${HOME}/.cache` as `~/.cache`. */
function homeSpelled(raw: string): string | undefined {
  const text = raw.replace(/^"(.*)"$/, '$1').replace(/^(\$HOME|\$\{HOME\})(?=\/|$)/, '~');
  return /[$`]/.test(text) ? undefined : text;
}

function pathOf(text: string, folder: Answer<string>): Answer<string> {
  if (text.startsWith('~')) return { state: 'known', value: text.replace(/\/+$/, '') };
  return absolutePath(folder, text);
}

/**
 * Whether removing `removed` empties `target` or something in it: it is the target, a folder above it, or a part of
 * it. `*` stands for any name; `~` for any home folder.
 */
export function removalTouches(removed: string, target: string): boolean {
  const removedParts = partsOf(removed);
  const targetParts = partsOf(target);
  const shared = Math.min(removedParts.length, targetParts.length);
  for (let at = 0; at < shared; at++) {
    if (!partMatches(removedParts[at] ?? '', targetParts[at] ?? '')) return false;
  }
  return true;
}

/** Whether removing `removed` removes `target` whole; `/x/*` counts as `/x`. */
export function removalCovers(removed: string, target: string): boolean {
  const removedParts = partsOf(removed.replace(/\/(\.?\*)+$/, ''));
  const targetParts = partsOf(target);
  return (
    removedParts.length > 1 &&
    removedParts.length <= targetParts.length &&
    removedParts.every((part, at) => partMatches(part, targetParts[at] ?? ''))
  );
}

const splitPaths = new Map<string, readonly string[]>();

/** Every path of a file is compared with every removal: each is split once. */
function partsOf(path: string): readonly string[] {
  const known = splitPaths.get(path);
  if (known) return known;
  const anywhereHome = path.replace(/^\/(root|home\/[^/]+)(?=\/|$)/, '~');
  const parts = anywhereHome.split('/').filter((part, at) => part !== '' || at === 0);
  if (splitPaths.size > 5000) splitPaths.clear();
  splitPaths.set(path, parts);
  return parts;
}

function partMatches(pattern: string, name: string): boolean {
  if (pattern === name || pattern === '**') return true;
  return /[*?[]/.test(pattern) && new RegExp(`^${namePattern(pattern)}$`).test(name);
}

/** Source of a regular expression for one name with `*`, `?` and `[...]`. */
export function namePattern(glob: string): string {
  return glob.replace(/\[[^\]]+\]|\*+|\?|[.+^${}()|\\[\]]/g, (mark) => {
    if (mark.startsWith('*')) return '[^/]*';
    return mark === '?' || (mark.startsWith('[') && mark.length > 1) ? '[^/]' : `\\${mark}`;
  });
}
