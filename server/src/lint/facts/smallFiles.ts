import type { SourceText } from '../../project/sourceText';
import type { WrittenPath } from './writtenPaths';

/** Kinds of file that are a few kilobytes nearly always. */
const smallKind =
  /\.(sh|py|txt|toml|cfg|conf|ini|json|ya?ml|lock|patch|diff|repo|list|asc|gpg|key|pem|crt|md|in|service|sql|j2|c|h)$/i;

/** Installers that are scripts by name and hold hundreds of megabytes. */
const largeInstaller = /conda|mamba|miniforge|cuda|nvidia|intel|oneapi/i;

/** A path whose size nobody knows, too small to be worth a word by its name alone. */
export function looksSmall({ path, span }: WrittenPath, source: SourceText): boolean {
  if (/keyring|\.(asc|gpg)$/.test(path)) return true;
  return smallKind.test(path) && !(path.endsWith('.sh') && largeInstaller.test(path + source.slice(span)));
}
