import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { Project } from '../project/project';
import { ProjectCache } from '../project/projectCache';
import { readProject, type ReadProjectOptions } from '../project/readProject';
import type { Problem } from '../protocol/problem';
import { decodeText, largestTextBytes } from './decodeText';
import { DiskTree } from './diskTree';
import { walkFolder, type WalkedFolder } from './walkFolder';

/** Bytes read of a model file: its header lies at the start. */
const headerBytes = 1 << 20;

export interface ProjectFolder {
  readonly project: Project;
  /** Files and folders that could not be read; everything else was. */
  readonly problems: readonly Problem[];
}

export interface ReadFolderOptions extends ReadProjectOptions {
  /** Texts that replace or add to what is on disk: standard input, an open editor. */
  readonly texts?: ReadonlyMap<string, string>;
  /** Paths to leave out altogether. */
  readonly excluded?: (path: string) => boolean;
}

/** Reads the project below `root` from disk, synchronously: for a command line that has nothing else to do. */
export function readProjectFolder(root: string, options: ReadFolderOptions = {}): ProjectFolder {
  const walked = walkedWithout(drained(walkFolder(root)), options.excluded);
  const problems: Problem[] = walked.unreadable.map(({ path, code }) =>
    unreadable(path === '' ? '.' : path, code),
  );
  const texts = new Map(options.texts);
  const headers = new Map<string, Uint8Array>();
  const refused = new Set<string>();
  const cache = new ProjectCache();
  for (;;) {
    const { project, wants } = readProject(new DiskTree(walked, texts, headers), cache, options);
    const missing = wants.filter(({ path, what }) => !refused.has(`${what} ${path}`));
    if (missing.length === 0) return { project, problems };
    for (const { path, what } of missing) {
      refused.add(`${what} ${path}`);
      if (what === 'header') {
        const header = readHeader(join(root, path));
        if (header) headers.set(path, header);
        continue;
      }
      const text = readText(root, path);
      if (typeof text === 'string') texts.set(path, text);
      else if (text) problems.push(text);
    }
  }
}

function drained(walk: Generator<undefined, WalkedFolder>): WalkedFolder {
  for (;;) {
    const step = walk.next();
    if (step.done) return step.value;
  }
}

function walkedWithout(
  walked: WalkedFolder,
  excluded: ((path: string) => boolean) | undefined,
): WalkedFolder {
  return excluded ? { ...walked, files: walked.files.filter((file) => !excluded(file.path)) } : walked;
}

/** The text, or why there is none; undefined for a path that is not there. */
function readText(root: string, path: string): string | Problem | undefined {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(join(root, path));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return code === 'ENOENT' ? undefined : unreadable(path, code);
  }
  if (bytes.length > largestTextBytes) {
    return {
      code: 'file-too-large',
      file: path,
      what: { template: '{file} was not read', with: { file: path } },
      why: {
        template: 'It has {megabytes} MB, more than any file written by hand',
        with: { megabytes: Math.round(bytes.length / 1e6) },
      },
      next: [{ template: 'Exclude it with --exclude or .plimsoll.yaml' }],
    };
  }
  return (
    decodeText(bytes) ?? {
      code: 'file-is-binary',
      file: path,
      what: { template: '{file} was not read', with: { file: path } },
      why: { template: 'It is named like a text file, but its content is binary' },
      next: [{ template: 'Rename it, or exclude it with --exclude or .plimsoll.yaml' }],
    }
  );
}

function readHeader(path: string): Uint8Array | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const buffer = new Uint8Array(headerBytes);
    return buffer.subarray(0, readSync(file, buffer, 0, headerBytes, 0));
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function unreadable(path: string, code: string): Problem {
  const denied = code === 'EACCES' || code === 'EPERM';
  return {
    code: 'file-unreadable',
    file: path,
    what: { template: '{file} was not read', with: { file: path } },
    why: denied
      ? { template: 'You may not read it' }
      : { template: 'The system answered {code}', with: { code } },
    next: [{ template: 'Change its permissions, or exclude it with --exclude or .plimsoll.yaml' }],
  };
}
