import type { Instruction } from '../../project/dockerfile/dockerfile';
import type { FileTree } from '../../project/fileTree';
import type { SourceText } from '../../project/sourceText';

/** An instruction before the RUN may have switched pip's cache off in a configuration file. */
export function mayConfigurePipCache(
  earlier: readonly Instruction[],
  source: SourceText,
  tree: FileTree,
): boolean {
  return earlier.some((instruction) => {
    if (instruction.kind === 'run') {
      const text = source.slice(instruction.span);
      return /pip config|pip\.conf/.test(text) && /no.cache.dir|cache.dir/.test(text);
    }
    if (instruction.kind !== 'copy') return false;
    return instruction.sources.some(({ value }) => {
      if (value.state !== 'known' || !/(^|\/)pip\.conf$/.test(value.value)) return false;
      const text = tree.textOf(value.value.replace(/^(\.?\/)+/, ''));
      return text === undefined || /no-cache-dir|cache-dir/.test(text);
    });
  });
}
