import { execFileSync } from 'node:child_process';
import { Failure } from '../failure';

/** Files below `root` that differ from the commit or are new, relative to `root`. Asks git. */
export function changedSince(root: string, ref: string): ReadonlySet<string> {
  const git = (args: readonly string[]): readonly string[] => {
    const output = execFileSync('git', ['-C', root, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      maxBuffer: 1 << 28,
    });
    return output.split('\0').filter((path) => path !== '');
  };
  try {
    if (ref.startsWith('-')) throw new Error('a commit does not start with a dash');
    const changed = git(['diff', '--name-only', '--relative', '-z', '--diff-filter=d', ref, '--']);
    const added = git(['ls-files', '--others', '--exclude-standard', '-z']);
    return new Set([...changed, ...added]);
  } catch (error) {
    const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
    throw new Failure({
      code: 'git-failed',
      what: { template: 'Could not ask git what changed since {ref}', with: { ref } },
      why: { template: 'git said: {text}', with: { text: stderr.trim().split('\n')[0] ?? '' } },
      next: [{ template: 'Name a commit, tag or branch of this repository, and fetch it first in CI' }],
    });
  }
}
