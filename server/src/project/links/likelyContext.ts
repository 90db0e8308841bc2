import type { FolderIndex } from './folderIndex';
import { folderOf, joinPath } from './projectPath';

/**
 * The folder a Dockerfile is likely built with when nobody says: its own, or one above it, if what it copies is
 * there. `COPY . .` fits every folder and tells nothing. Undefined when two folders fit equally well or none does.
 */
export function likelyContext(
  dockerfile: string,
  copied: readonly string[],
  folders: FolderIndex,
): { folder: string; confidence: 'likely' | 'guess' } | undefined {
  const own = folderOf(dockerfile);
  const telling = copied.map(literalPart).filter((path) => path !== '');
  const fits = [...ancestors(own)].map((folder) => ({
    folder,
    found: telling.filter((path) => folders.hasPath(joinPath(folder, path) ?? '\0')).length,
  }));
  if (telling.length === 0)
    return own === '' && copied.length > 0 ? { folder: '', confidence: 'likely' } : undefined;
  const best = Math.max(...fits.map(({ found }) => found));
  const winners = fits.filter(({ found }) => found === best);
  const [winner] = winners;
  if (best === 0 || !winner) {
    // From a context above the project, files would be named with their folders.
    const namesOnly = telling.every((path) => !path.includes('/')) && telling.length < copied.length;
    return own === '' && namesOnly ? { folder: '', confidence: 'likely' } : undefined;
  }
  if (winners.length > 1) {
    // Everything found in its own folder: the ones above only hold copies of the same names.
    return best === telling.length && winner.folder === own
      ? { folder: own, confidence: 'guess' }
      : undefined;
  }
  const beside = winner.folder === own;
  return {
    folder: winner.folder,
    confidence: beside && (own === '' || best === telling.length) ? 'likely' : 'guess',
  };
}

/** The path up to the first folder with a wildcard, without a leading `/` (COPY's sources start at the context). */
function literalPart(source: string): string {
  const parts = source
    .replaceAll('\\', '/')
    .split('/')
    .filter((part) => part !== '' && part !== '.');
  const wild = parts.findIndex((part) => /[*?[]/.test(part));
  return (wild === -1 ? parts : parts.slice(0, wild)).join('/');
}

/** The folder itself first, then every one above it up to the root. */
function* ancestors(folder: string): Generator<string> {
  for (let at = folder; at !== ''; at = folderOf(at)) yield at;
  yield '';
}
