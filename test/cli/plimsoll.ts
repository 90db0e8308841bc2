import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';

const program = join(process.cwd(), 'dist/cli.js');

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the built command line as a user would, in English unless the environment says otherwise. */
export function plimsoll(
  args: readonly string[],
  { cwd = process.cwd(), input = '', env = {} }: RunOptions = {},
): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd,
    input,
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C', NO_COLOR: '1', ...env },
    timeout: 60_000,
  });
  return { code: status, stdout, stderr };
}

/** The one JSON value a command printed. */
export function jsonOf<T>(ran: Ran): T {
  return JSON.parse(ran.stdout) as T;
}

/** A folder on disk that goes with the test. */
export function folderWith(
  context: TestContext,
  files: Readonly<Record<string, string | Uint8Array>>,
): string {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-cli-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}
