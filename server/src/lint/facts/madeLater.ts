import type { FileTree } from '../../project/fileTree';

/** Folders and files that builds make. */
const outputs =
  /(?:^|\/)(?:dist|build|out|target|bin|obj|wheels?|wheelhouse|artifacts?|generated|\.next|node_modules|vendor|third_party|tmp)(?:\/|$)|\.(?:whl|jar|war|tgz|tar|gz|xz|zip|so|exe|deb|rpm)$/i;

/** Files that say how a project is built, tested or released. */
const buildTexts =
  /(?:^|\/)(?:GNUm|m)?akefile$|\.mk$|(?:^|\/)justfile$|Taskfile|(?:^|\/)Jenkinsfile|\.(?:sh|ps1|bat|ya?ml|hcl)$|(?:^|\/)(?:package\.json|pyproject\.toml|setup\.py|noxfile\.py|tasks\.py)$|(?:^|\/)\.gitmodules$/i;

/**
 * Whether a path that is absent now may be there when the image is built: a build's output, a file that git
 * ignores, one that a Makefile, a script or CI speaks of.
 */
export function mayBeMadeLater(path: string, tree: FileTree): boolean {
  if (outputs.test(path)) return true;
  const base = path.slice(path.lastIndexOf('/') + 1);
  for (const candidate of tree.paths) {
    if (buildTexts.test(candidate)) {
      if (tree.textOf(candidate)?.includes(base)) return true;
    } else if (/(?:^|\/)\.gitignore$/.test(candidate)) {
      const folder = candidate.slice(0, -'.gitignore'.length);
      const inside = path.startsWith(folder) ? path.slice(folder.length) : undefined;
      const lines = inside === undefined ? [] : (tree.textOf(candidate)?.split(/\r?\n/) ?? []);
      if (inside !== undefined && lines.some((line) => coversPath(line.trim(), inside))) return true;
    }
  }
  return false;
}

/** A line of .gitignore covers the path or a folder above it. More than four wildcards count as a match: nobody knows. */
function coversPath(line: string, path: string): boolean {
  if (line === '' || line.startsWith('#') || line.startsWith('!')) return false;
  const pattern = line.replace(/\/+$/, '');
  if ((pattern.match(/[*?[]/g)?.length ?? 0) > 4) return true;
  const anchored = pattern.includes('/');
  const source = pattern
    .replace(/^\//, '')
    .split('/')
    .map((part) => (part === '**' ? '.*' : segment(part)))
    .join('/');
  return new RegExp(`^${anchored ? '' : '(?:.*/)?'}${source}(?:/|$)`).test(path);
}

function segment(part: string): string {
  return part
    .replace(/[.+^${}()|\\[\]]/g, '\\$&')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]');
}
