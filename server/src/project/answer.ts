/**
 * The three answers a question about a project can have. `unknown` means the text does not say (a variable
 * without default, a template, a base image nobody knows): a rule that meets it stays silent.
 */
export type Answer<T> = Known<T> | Absent | Unknown;

export interface Known<T> {
  readonly state: 'known';
  readonly value: T;
}

export interface Absent {
  readonly state: 'absent';
}

export interface Unknown {
  readonly state: 'unknown';
}

export const absent: Absent = { state: 'absent' };
export const unknown: Unknown = { state: 'unknown' };

export function known<T>(value: T): Known<T> {
  return { state: 'known', value };
}
