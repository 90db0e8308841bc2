/**
 * Joins a path as written in a file onto a folder of the project (`''` is its root). Takes `\` for `/`. Undefined
 * when the result lies outside the project, is absolute or is a URL.
 */
export function joinPath(folder: string, written: string): string | undefined {
  const path = written.replaceAll('\\', '/');
  if (
    path.startsWith('/') ||
    path.startsWith('~') ||
    /^[a-z][a-z0-9+.-]*:/i.test(path) ||
    path.startsWith('git@')
  )
    return undefined;
  const parts: string[] = folder === '' ? [] : folder.split('/');
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}

/** The folder a file lies in; `''` for the root. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '' : path.slice(0, slash);
}
