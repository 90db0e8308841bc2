import type { Terminal } from './terminal';

/** One flag of a command. `value` is the placeholder in the help; a flag without it is a switch. */
export interface FlagDescription {
  readonly value?: string;
  /** English template, one line of the help. */
  readonly summary: string;
  readonly choices?: readonly string[];
  readonly repeatable?: boolean;
}

export interface ParsedFlags {
  /** Last value of a flag that takes one. */
  text(name: string): string | undefined;
  /** Every value of a repeatable flag. */
  all(name: string): readonly string[];
  isSet(name: string): boolean;
}

export interface Invocation {
  readonly operands: readonly string[];
  /** Words behind a bare `--`. */
  readonly afterDashes: readonly string[];
  readonly flags: ParsedFlags;
  readonly terminal: Terminal;
}

/** 0 fine · 1 findings at or above the threshold, or an expectation not met · 2 wrong usage or I/O. */
export type ExitCode = 0 | 1 | 2;

export interface Command {
  readonly name: string;
  /** Operands as the help shows them. */
  readonly operands: string;
  /** English template, one sentence. */
  readonly summary: string;
  readonly flags: Readonly<Record<string, FlagDescription>>;
  run(invocation: Invocation): Promise<ExitCode>;
}
