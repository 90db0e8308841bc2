import type { Concern, Edit, Fix } from '../protocol/finding';

/** What a diagnostic carries for the code actions, which read it and lint nothing. */
export interface DiagnosticContent {
  readonly rule: string;
  readonly concern: Concern;
  readonly fix?: Fix;
  /** Hash of the text of every file that the fix edits, by path: an edit for an older text is not offered. */
  readonly texts: Readonly<Record<string, string>>;
}

/** The content of a diagnostic that came back from the client; undefined when it is none of ours. */
export function diagnosticContent(value: unknown): DiagnosticContent | undefined {
  if (!isRecord(value) || typeof value['rule'] !== 'string' || !isRecord(value['texts'])) return undefined;
  const { fix } = value;
  if (fix !== undefined && !isFix(fix)) return undefined;
  return value as unknown as DiagnosticContent;
}

function isFix(fix: unknown): boolean {
  return isRecord(fix) && isRecord(fix['title']) && Array.isArray(fix['edits']) && fix['edits'].every(isEdit);
}

function isEdit(edit: unknown): edit is Edit {
  return (
    isRecord(edit) &&
    typeof edit['file'] === 'string' &&
    typeof edit['newText'] === 'string' &&
    isRange(edit['range'])
  );
}

function isRange(range: unknown): boolean {
  return isRecord(range) && isPosition(range['start']) && isPosition(range['end']);
}

function isPosition(position: unknown): boolean {
  return isRecord(position) && typeof position['line'] === 'number' && typeof position['column'] === 'number';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
