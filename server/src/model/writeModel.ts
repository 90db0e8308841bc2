import { setImmediate } from 'node:timers/promises';
import {
  closeSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writevSync,
} from 'node:fs';
import { randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import type { ModelEdit } from '../onnx/modelEdit';
import { ModelError } from '../onnx/modelError';
import type { Piece } from '../onnx/piece';
import { planWrite } from '../onnx/writePlan';
import type { ModelFile } from './modelFile';
import { openModel } from './modelFile';

export interface WriteOptions {
  /** Above this, numbers go to a file beside the model. Tests lower it. */
  readonly inlineLimit?: number;
  /** Called with the bytes written so far and in total. */
  readonly onProgress?: (written: number, total: number) => void;
  /** Aborting stops the writing and leaves nothing behind. */
  readonly signal?: AbortSignal;
}

const copyBytes = 1024 * 1024;

/** Written between two looks at whether to stop. */
const breathBytes = 8 * 1024 * 1024;

/**
 * Writes the edited model to `out` and returns the bytes of all files written. The model's rename is the one
 * moment the result appears: until then `out` and the data file it names are as they were, and a data file of
 * an older `out` is never overwritten. Throws a ModelError when `out` is the source or cannot be written.
 */
export async function writeModel(
  file: ModelFile,
  edit: ModelEdit,
  out: string,
  options: WriteOptions = {},
): Promise<number> {
  refuseSource(file, out);
  removeStale(out);
  const dataName = freeDataName(out);
  const plan = planWrite(file.wire, file.model, edit, dataName, options.inlineLimit);
  const total = [...plan.model, ...plan.external].reduce((sum, { length }) => sum + length, 0);
  const oldData = ownDataFiles(out);
  let written = 0;
  let told = 0;
  const progress = async (bytes: number) => {
    written += bytes;
    if (written - told < breathBytes && written < total) return;
    told = written;
    // Lets a cancel or Ctrl-C through.
    await setImmediate();
    options.signal?.throwIfAborted();
    options.onProgress?.(written, total);
  };
  const halves: string[] = [];
  const dataPath = join(dirname(out), dataName);
  let placedData = false;
  const clean = () => {
    for (const half of halves) rmSync(half, { force: true });
  };
  // Ctrl-C ends the process between two breaths.
  process.once('exit', clean);
  try {
    // The data file first: scales in the model are known once its codes are made.
    const data =
      plan.external.length > 0 ? await writeHalf(file, plan.external, dataPath, halves, progress) : undefined;
    const model = await writeHalf(file, plan.model, out, halves, progress);
    if (data) {
      renameSync(data, dataPath);
      placedData = true;
    }
    renameSync(model, out);
  } catch (error) {
    clean();
    if (placedData) rmSync(dataPath, { force: true });
    throw error instanceof ModelError ? error : unwritable(out, error);
  } finally {
    process.off('exit', clean);
  }
  for (const name of oldData) if (name !== dataName) rmSync(join(dirname(out), name), { force: true });
  syncFolder(dirname(out));
  return total;
}

async function writeHalf(
  file: ModelFile,
  pieces: readonly Piece[],
  target: string,
  halves: string[],
  progress: (bytes: number) => Promise<void>,
): Promise<string> {
  const half = join(
    dirname(target),
    `.${basename(target)}.${process.pid}-${randomBytes(4).toString('hex')}.half`,
  );
  const fd = openSync(half, 'wx');
  halves.push(half);
  try {
    const buffer = new Uint8Array(copyBytes);
    let held = 0;
    const flush = () => {
      writeAll(fd, buffer.subarray(0, held));
      held = 0;
    };
    for (const piece of pieces) {
      if (piece.kind === 'made') {
        let made = 0;
        for (const bytes of piece.make()) {
          if (held + bytes.length > copyBytes) flush();
          if (bytes.length > copyBytes) writeAll(fd, bytes);
          else {
            buffer.set(bytes, held);
            held += bytes.length;
          }
          made += bytes.length;
          await progress(bytes.length);
        }
        if (made !== piece.length) throw new Error(`A tensor of ${piece.length} bytes came out as ${made}`);
        continue;
      }
      const from = piece.kind === 'source' ? file.source : file.external.get(piece.location);
      for (let done = 0; done < piece.length; ) {
        if (held === copyBytes) flush();
        const part = buffer.subarray(held, held + Math.min(copyBytes - held, piece.length - done));
        from?.readInto(part, piece.start + done);
        held += part.length;
        done += part.length;
        await progress(part.length);
      }
    }
    flush();
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  return half;
}

function writeAll(fd: number, bytes: Uint8Array): void {
  let rest = bytes;
  while (rest.length > 0) rest = rest.subarray(writevSync(fd, [rest]));
}

/** The output may be none of the files the model is read from, by whatever name. */
function refuseSource(file: ModelFile, out: string): void {
  const target = statSync(out, { throwIfNoEntry: false });
  if (!target) return;
  for (const { path } of [file.source, ...file.external.values()]) {
    const source = statSync(path);
    if (source.ino !== target.ino || source.dev !== target.dev) continue;
    throw new ModelError({
      code: 'output-is-source',
      what: { template: 'Will not write over {file}', with: { file: out } },
      why: { template: 'It is the model that is being read, and a source model is never changed' },
      next: [{ template: 'Choose another name for the output' }],
    });
  }
}

/** Removes what a killed writer of the same output left: its name holds the id of a process that is gone. */
function removeStale(out: string): void {
  const names = folderNames(dirname(out));
  for (const name of names) {
    if (!name.startsWith(`.${basename(out)}`) || !name.endsWith('.half')) continue;
    const pid = Number(/\.(\d+)-[0-9a-f]{8}\.half$/.exec(name)?.[1]);
    if (pid > 0 && !isRunning(pid)) rmSync(join(dirname(out), name), { force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** `model.onnx.data`, or with a number when the model now in place uses that name. */
function freeDataName(out: string): string {
  const taken = new Set(folderNames(dirname(out)));
  const name = `${basename(out)}.data`;
  for (let count = 0; ; count += 1) {
    const candidate = count === 0 ? name : `${name}.${count}`;
    if (!taken.has(candidate)) return candidate;
  }
}

/** Data files that only the model now at `out` uses, by the names this writer gives. */
function ownDataFiles(out: string): string[] {
  const names = folderNames(dirname(out)).filter(
    (name) => name === `${basename(out)}.data` || /^\.data\.\d+$/.test(name.slice(basename(out).length)),
  );
  if (names.length === 0) return [];
  try {
    const old = openModel(out);
    old.close();
    return names.filter((name) => old.external.has(name));
  } catch {
    return [];
  }
}

function folderNames(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const fd = openSync(folder, 'r');
  fsyncSync(fd);
  closeSync(fd);
}

function unwritable(out: string, error: unknown): Error {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) return error as Error;
  return new ModelError({
    code: 'output-unwritable',
    what: { template: 'Could not write {file}', with: { file: out } },
    why:
      code === 'ENOSPC'
        ? { template: 'The disk is full' }
        : { template: 'The system answered {code}', with: { code } },
    next: [{ template: 'Choose a folder with room and the right to write' }],
  });
}
