import { floatsOf, type Values } from '../session/values';

/** How near the answers of two models to one sample are. */
export interface Closeness {
  /** Cosine of the answers as vectors, the worst output and row. */
  readonly cosine: number;
  readonly maxAbs: number;
  /** Length of the difference relative to the first model's answer, the worst output. */
  readonly relativeError: number;
  /** Rows with a clear winner, and those of them where both models chose the same. */
  readonly rows: number;
  readonly agreeing: number;
}

/** A lead smaller than this share of the row's spread is a tie: either answer is right. */
const tie = 1e-3;

/** A sum this near 1 of numbers not below 0 is a distribution over classes. */
const distribution = 1e-3;

export type Answers = Readonly<Record<string, Values>>;

export function closeness(
  a: Readonly<Record<string, Values>>,
  b: Readonly<Record<string, Values>>,
): Closeness {
  let [cosine, maxAbs, relativeError, rows, agreeing] = [1, 0, 0, 0, 0];
  for (const [name, mine] of Object.entries(a)) {
    const other = b[name];
    const x = floatsOf(mine);
    const y = other && floatsOf(other);
    if (!x || x.length === 0) continue;
    if (!y || y.length !== x.length)
      return {
        cosine: 0,
        maxAbs: Number.POSITIVE_INFINITY,
        relativeError: Number.POSITIVE_INFINITY,
        rows: 1,
        agreeing: 0,
      };
    if (/int|bool/.test(mine.type)) {
      // A label is right or wrong; how far apart two labels are means nothing.
      rows += x.length;
      agreeing += x.filter((value, index) => value === y[index]).length;
      continue;
    }
    const width = mine.dims.at(-1) ?? 1;
    const rowWise = mine.dims.length === 2 && width > 1;
    for (const [start, end] of rowWise ? rowsOf(x.length, width) : [[0, x.length] as const])
      cosine = Math.min(cosine, cosineOf(x.subarray(start, end), y.subarray(start, end)));
    maxAbs = Math.max(
      maxAbs,
      x.reduce((most, value, index) => Math.max(most, distance(value, y[index] ?? Number.NaN)), 0),
    );
    relativeError = Math.max(relativeError, differenceOf(x, y));
    if (!choosesAClass(mine, x, name)) continue;
    for (const [start, end] of rowsOf(x.length, width)) {
      const chosen = clearWinner(x.subarray(start, end));
      if (chosen === undefined) continue;
      rows += 1;
      if (winner(y.subarray(start, end)) === chosen) agreeing += 1;
    }
  }
  return { cosine, maxAbs, relativeError, rows, agreeing };
}

/** Answers nearer than this to each other do not depend on what was asked. */
const sameAnswer = 1e-4;

/** Whether some answer differs between two samples. */
export function responds(a: Answers, b: Answers): boolean {
  return Object.entries(a).some(([name, mine]) => {
    const other = b[name];
    const [x, y] = [floatsOf(mine), other && floatsOf(other)];
    if (!x || !y) return false;
    // The shorter of two answers of other shapes: padding with what is alike must not look like a difference.
    const length = Math.min(x.length, y.length);
    return differenceOf(x.subarray(0, length), y.subarray(0, length)) > sameAnswer;
  });
}

/** Logits have two axes; more axes are classes only where they are distributions (OCR, segmentation). */
function choosesAClass({ dims }: Values, x: Float64Array, name: string): boolean {
  const width = dims.at(-1) ?? 1;
  if (width < 2 || /embed|hidden|pool|state|feature/i.test(name)) return false;
  if (dims.length === 2) return true;
  if (dims.length < 2) return false;
  return [...rowsOf(x.length, width)].every(([start, end]) => {
    const row = x.subarray(start, end);
    return (
      row.every((value) => value >= 0) &&
      Math.abs(row.reduce((sum, value) => sum + value, 0) - 1) < distribution
    );
  });
}

function* rowsOf(length: number, width: number): Generator<readonly [number, number]> {
  for (let start = 0; start < length; start += width) yield [start, start + width];
}

function clearWinner(row: Float64Array): number | undefined {
  const best = winner(row);
  const top = row[best] ?? 0;
  let second = Number.NEGATIVE_INFINITY;
  let lowest = top;
  row.forEach((value, index) => {
    if (index !== best) second = Math.max(second, value);
    lowest = Math.min(lowest, value);
  });
  return top - second > tie * (top - lowest) ? best : undefined;
}

function winner(row: Float64Array): number {
  let best = 0;
  row.forEach((value, index) => {
    if (value > (row[best] ?? 0)) best = index;
  });
  return best;
}

/** 1 when both are all zero; 0 when one is, or holds a number that is not finite. */
function cosineOf(x: Float64Array, y: Float64Array): number {
  let [product, xx, yy] = [0, 0, 0];
  x.forEach((value, index) => {
    const other = y[index] ?? 0;
    product += value * other;
    xx += value * value;
    yy += other * other;
  });
  if (xx === 0 && yy === 0) return 1;
  const cosine = product / Math.sqrt(xx * yy);
  return Number.isFinite(cosine) ? Math.min(1, cosine) : 0;
}

function differenceOf(x: Float64Array, y: Float64Array): number {
  let [difference, length] = [0, 0];
  x.forEach((value, index) => {
    difference += distance(value, y[index] ?? Number.NaN) ** 2;
    length += Number.isFinite(value) ? value * value : 0;
  });
  if (difference === 0) return 0;
  const relative = Math.sqrt(difference / length);
  return Number.isNaN(relative) ? Number.POSITIVE_INFINITY : relative;
}

/** Infinite when only one of two is a finite number. */
function distance(a: number, b: number): number {
  if (Object.is(a, b) || a === b) return 0;
  const difference = Math.abs(a - b);
  return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
}
