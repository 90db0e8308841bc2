import { type Answer, known, unknown } from '../project/answer';
import flagTable from './data/programFlags.json';
import programTable from './data/programs.json';

/** Packages that bring a program, by installer. Names as the installer writes them, PyPI's with extras. */
export interface Providers {
  readonly pip: readonly string[];
  readonly apt: readonly string[];
  readonly apk: readonly string[];
  readonly dnf: readonly string[];
}

/** Unknown for a program nobody listed: it may come from anywhere. */
export function providersOf(program: string): Answer<Providers> {
  const rows = programTable.programs as Readonly<Record<string, Partial<Providers>>>;
  const row = Object.hasOwn(rows, program) ? rows[program] : undefined;
  return row ? known({ pip: [], apt: [], apk: [], dnf: [], ...row }) : unknown;
}

export interface ServerFlag {
  readonly takesValue: boolean;
  /** First and last of `ServerProgram.versions` that have it; undefined where that is the first or the last. */
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** The options of a program that serves, over the versions that were asked. */
export interface ServerProgram {
  /** `uvicorn`, or program and subcommand: `fastapi run`. */
  readonly program: string;
  /** PyPI name. */
  readonly package: string;
  /** Versions that were asked, oldest first. */
  readonly versions: readonly string[];
  /** Its parser takes a unique beginning of a long flag for the flag. */
  readonly abbreviates: boolean;
  /** Flags that begin so exist but are not listed. */
  readonly leftOut: string | undefined;
  readonly flags: ReadonlyMap<string, ServerFlag>;
}

interface ProgramRow {
  readonly program: string;
  readonly package: string;
  readonly versions: readonly string[];
  readonly abbreviates: boolean;
  readonly leftOut?: string;
  readonly flags: Readonly<
    Record<string, { readonly value: boolean; readonly from?: string; readonly to?: string }>
  >;
}

const read = new Map<string, ServerProgram>();

/** `words` are a command's first ones: `['fastapi', 'run', …]`. Undefined for a program whose flags nobody listed. */
export function serverProgram(words: readonly string[]): ServerProgram | undefined {
  const rows = flagTable.programs as readonly ProgramRow[];
  const row = rows.find(({ program }) => program === words[0] || program === `${words[0]} ${words[1]}`);
  if (!row) return undefined;
  let program = read.get(row.program);
  if (!program) {
    const flags = Object.entries(row.flags).map(
      ([flag, { value, from, to }]) => [flag, { takesValue: value, from, to }] as const,
    );
    program = { ...row, leftOut: row.leftOut, flags: new Map(flags) };
    read.set(row.program, program);
  }
  return program;
}

/**
 * Whether a program has a flag in any version that was asked; `flag` without `=value`. False is sure only for
 * versions in the surveyed range.
 */
export function hasFlag(program: ServerProgram, flag: string): boolean {
  if (program.flags.has(flag)) return true;
  if (program.leftOut !== undefined && flag.startsWith(program.leftOut)) return true;
  if (!program.abbreviates || !flag.startsWith('--')) return false;
  return [...program.flags.keys()].some((candidate) => candidate.startsWith(flag));
}
