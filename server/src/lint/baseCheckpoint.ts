import table from './data/baseCheckpoints.json';

/** `owner/name`, and `name` for those the hub knew before it had owners. */
const known = new Set(
  table.rows.flatMap(({ names, owner }) => names.flatMap((name) => [name, `${owner}/${name}`])),
);

/** A checkpoint that was only pre-trained: a head for classes, labels or answers is made of random numbers. */
export function isBaseCheckpoint(name: string): boolean {
  return known.has(name);
}
