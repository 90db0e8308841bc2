/** What a path's last part says: a file an engine builds, a template that becomes one, or neither. */
export type DockerfileName = 'dockerfile' | 'template' | 'other';

const templateExtension = /\.(?:j2|jinja2?|tmpl|tpl|template|mustache|hbs|ejs|erb|m4|in)$/i;

/** `Dockerfile.py` and its kind are programs about Dockerfiles, notes, or what an editor or a merge left behind. */
const foreignExtension =
  /\.(?:dockerignore|containerignore|md|markdown|rst|adoc|html?|css|json|jsonc|ya?ml|toml|xml|py|pyi|ipynb|m?[jt]sx?|go|rs|java|kt|rb|php|cs|cc?|cpp|h|hpp|sh|bash|ps1|bat|lock|log|orig|rej|bak|swp|swo|tmp|diff|patch|png|svg|snap|golden|sha256)$|~$/i;

const dockerfileName = /^(?:dockerfile|containerfile)(?:[._-].+)?$|^.+\.(?:dockerfile|containerfile)$/i;

/** `path` with `/` or `\`. Any case: engines look for `Dockerfile` and `dockerfile`, Windows for any. */
export function dockerfileNameOf(path: string): DockerfileName {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  if (templateExtension.test(name)) {
    return dockerfileName.test(name.replace(templateExtension, '')) ? 'template' : 'other';
  }
  if (foreignExtension.test(name)) return 'other';
  return dockerfileName.test(name) ? 'dockerfile' : 'other';
}

/** The words of a Dockerfile's own name and its folders, lower case: `ci/Dockerfile.gpu-dev` gives ci, gpu, dev. */
export function dockerfileNameWords(path: string): {
  readonly name: readonly string[];
  readonly folders: readonly string[];
} {
  const parts = path.toLowerCase().split(/[\\/]/);
  const words = (text: string): string[] => text.split(/[._\s-]+/).filter((word) => word !== '');
  const fileWords = words(parts.at(-1) ?? '').filter(
    (word) => word !== 'dockerfile' && word !== 'containerfile',
  );
  return { name: fileWords, folders: parts.slice(0, -1).flatMap(words) };
}
