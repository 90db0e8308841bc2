import { type Answer, absent, known, unknown } from '../project/answer';
import table from './data/pythonWheels.json';

export type Machine = 'x86_64' | 'aarch64';

interface WheelRow {
  readonly versions: readonly string[];
  readonly x86_64: string;
  readonly aarch64: string;
  readonly sdist: boolean;
}

export interface WheelSupport {
  /** Oldest and newest series with a glibc wheel for the machine; no newest for the stable ABI and pure wheels. */
  readonly oldest: string | undefined;
  readonly newest: string | undefined;
  /** pip can still try to build it from source. */
  readonly hasSource: boolean;
  readonly supports: (series: string) => boolean;
}

/**
 * Wheels of a package's version for Linux with glibc; names normalized, versions as PyPI writes them. Unknown for
 * a package or version that is not listed; absent where there is no wheel for the machine at all.
 */
export function wheelSupport(name: string, version: string, machine: Machine): Answer<WheelSupport> {
  const packages = table.packages as Readonly<Record<string, readonly WheelRow[]>>;
  const rows = Object.hasOwn(packages, name) ? packages[name] : undefined;
  const row = rows?.find(({ versions }) => versions.includes(version));
  if (!row) return unknown;
  const text = row[machine];
  return text === '' ? absent : known({ ...readSeries(text), hasSource: row.sdist });
}

/** `3.9-3.13`, `3.8+`, `any`, or a list `3.9 3.11`. */
function readSeries(text: string): Omit<WheelSupport, 'hasSource'> {
  if (text === 'any') return { oldest: undefined, newest: undefined, supports: () => true };
  if (text.endsWith('+')) {
    const oldest = text.slice(0, -1);
    return { oldest, newest: undefined, supports: (series) => minorOf(series) >= minorOf(oldest) };
  }
  const [oldest = text, newest = oldest] = text.split('-');
  if (text.includes('-')) {
    return {
      oldest,
      newest,
      supports: (series) => minorOf(series) >= minorOf(oldest) && minorOf(series) <= minorOf(newest),
    };
  }
  const listed = text.split(' ');
  return { oldest: listed[0], newest: listed.at(-1), supports: (series) => listed.includes(series) };
}

function minorOf(series: string): number {
  return Number(series.split('.')[1]);
}
