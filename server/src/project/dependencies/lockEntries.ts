import type { LockedDependency, LockedFile } from './lockedPackage';
import { type Marker, readMarker } from './marker';
import { normalizedName } from './normalizedName';
import { itemsAt, type SpannedText, type SpannedValue, textAt, textsAt, valueAt } from './spannedValue';
import { wheelName } from './wheelName';

/** The marker in a string of a TOML file; undefined for none or one that cannot be read. */
export function markerIn(text: SpannedText | undefined): Marker | undefined {
  return text && readMarker(text.value, 0, text.inner.start);
}

/** Inline tables with `name` and, where given, `version`, `marker`, `extra`. */
export function* dependenciesIn(list: SpannedValue | undefined): Generator<LockedDependency> {
  for (const item of itemsAt(list)) {
    const name = textAt(item, 'name');
    if (!name) continue;
    yield {
      name: normalizedName(name.value),
      nameSpan: name.inner,
      version: textAt(item, 'version')?.value,
      extras: textsAt(item, 'extra').map((extra) => normalizedName(extra.value)),
      marker: markerIn(textAt(item, 'marker')),
      optional: false,
    };
  }
}

/** An inline table of a wheel or source distribution; the tools call its file name `file`, `name`, or only give a URL. */
function fileIn(item: SpannedValue): LockedFile | undefined {
  const url = (textAt(item, 'url') ?? textAt(item, 'path'))?.value;
  const fileName =
    (textAt(item, 'file') ?? textAt(item, 'name') ?? textAt(item, 'filename'))?.value ?? lastSegment(url);
  if (fileName === undefined) return undefined;
  const size = valueAt(item, 'size');
  const hashes = valueAt(item, 'hashes');
  const algorithm = hashes?.kind === 'table' ? [...hashes.entries.values()][0] : undefined;
  const digest = algorithm?.value.kind === 'text' ? `${algorithm.key}:${algorithm.value.value}` : undefined;
  return {
    fileName,
    url,
    sizeBytes: size?.kind === 'scalar' && /^\d{1,15}$/.test(size.value) ? Number(size.value) : undefined,
    hash: textAt(item, 'hash')?.value ?? digest,
    wheel: wheelName(fileName),
    span: item.span,
  };
}

export function filesIn(...lists: readonly (SpannedValue | undefined)[]): LockedFile[] {
  const items = lists.flatMap((list) => (list?.kind === 'table' ? [list] : itemsAt(list)));
  return items.flatMap((item) => fileIn(item) ?? []);
}

function lastSegment(url: string | undefined): string | undefined {
  const path = url?.split(/[?#]/, 1)[0];
  return path?.slice(path.lastIndexOf('/') + 1);
}
