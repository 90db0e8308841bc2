import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { ByteSource } from '../onnx/byteSource';
import { ModelError, malformed } from '../onnx/modelError';

/** A file read at random. Reads are synchronous: the jobs that use it have a process to themselves. */
export interface FileSource extends ByteSource {
  readonly path: string;
  /** Fills `target` from `offset` on. Throws a ModelError when the file ends before. */
  readInto(target: Uint8Array, offset: number): void;
  close(): void;
}

/** Throws a ModelError when the file cannot be opened. */
export function openSource(path: string, name = path): FileSource {
  const fd = open(path, name);
  const stat = fstatSync(fd);
  if (!stat.isFile()) {
    closeSync(fd);
    throw unreadable(name, { template: 'It is not a file' });
  }
  const source: FileSource = {
    path,
    sizeBytes: stat.size,
    availableBytes: stat.size,
    read(offset, length) {
      const target = new Uint8Array(length);
      source.readInto(target, offset);
      return target;
    },
    readInto(target, offset) {
      let done = 0;
      while (done < target.length) {
        const count = readSync(fd, target, done, target.length - done, offset + done);
        if (count === 0)
          throw malformed({
            template: '{name} ends at byte {end}, before its numbers do',
            with: { name, end: offset + done },
          });
        done += count;
      }
    },
    close: () => closeSync(fd),
  };
  return source;
}

function open(path: string, name: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw unreadable(
      name,
      code === 'ENOENT'
        ? { template: 'There is no such file' }
        : { template: 'The system answered {code}', with: { code: code ?? String(error) } },
    );
  }
}

function unreadable(
  name: string,
  why: { readonly template: string; readonly with?: Record<string, string> },
): ModelError {
  return new ModelError({
    code: 'model-unreadable',
    what: { template: 'Could not read {file}', with: { file: name } },
    why,
    next: [{ template: 'Check the path and the rights to it' }],
  });
}
