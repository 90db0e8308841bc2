import { absent, known } from '../answer';
import { filesIn, markerIn } from './lockEntries';
import type { LockedPackage, LockedSource, LockFile } from './lockedPackage';
import { normalizedName } from './normalizedName';
import { readToml } from './readToml';
import { itemsAt, type SpannedValue, textAt, valueAt } from './spannedValue';

/** Reads pylock.toml (PEP 751): one flat list, each package with the marker under which it is installed. */
export function readPylock(text: string): LockFile {
  const root = readToml(text);
  return {
    kind: 'pylock',
    requiresPython: textAt(root, 'requires-python')?.value,
    packages: itemsAt(root, 'packages').flatMap((item) => packageIn(item) ?? []),
  };
}

function packageIn(item: SpannedValue): LockedPackage | undefined {
  const name = textAt(item, 'name');
  if (!name) return undefined;
  const version = textAt(item, 'version');
  const marker = markerIn(textAt(item, 'marker'));
  return {
    name: normalizedName(name.value),
    nameSpan: name.inner,
    version: version ? known(version.value) : absent,
    versionSpan: version?.inner,
    source: sourceIn(item),
    forks: marker ? [marker] : [],
    // PEP 751 lists dependencies for tools that audit; an installer must not follow them.
    dependencies: [],
    extras: new Map(),
    groups: new Map(),
    neededBy: undefined,
    optional: false,
    files: filesIn(valueAt(item, 'wheels'), valueAt(item, 'sdist'), valueAt(item, 'archive')),
  };
}

function sourceIn(item: SpannedValue): LockedSource {
  const git = textAt(item, 'vcs', 'url');
  if (git) return { kind: 'git', url: git.value };
  const folder = textAt(item, 'directory', 'path');
  if (folder) return { kind: folder.value === '.' ? 'project' : 'path', url: folder.value };
  const archive = textAt(item, 'archive', 'url') ?? textAt(item, 'archive', 'path');
  if (archive) return { kind: 'url', url: archive.value };
  return { kind: 'registry', url: textAt(item, 'index')?.value ?? 'https://pypi.org/simple' };
}
