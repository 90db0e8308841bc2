import { renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyFixes } from '../../lint/applyFixes';
import type { Finding, FixKind } from '../../protocol/finding';
import type { LintRun } from './lintTarget';

/** Fixes may free the way for each other; more rounds than this means two rules disagree. */
const mostRounds = 10;

export interface FixedTexts {
  /** New text by path, files that changed only. */
  readonly texts: ReadonlyMap<string, string>;
  readonly fixed: readonly Finding[];
  /** The run after the last round: what is left. */
  readonly after: LintRun;
}

/** Applies fixes of these kinds round by round, in memory. `relint` lints with the texts so far. */
export function fixFiles(
  first: LintRun,
  kinds: ReadonlySet<FixKind>,
  relint: (texts: ReadonlyMap<string, string>) => LintRun,
): FixedTexts {
  const texts = new Map<string, string>();
  const fixed: Finding[] = [];
  let run = first;
  for (let round = 0; round < mostRounds; round++) {
    const { tree } = run.project;
    const findings = run.files.flatMap((file) => file.findings);
    const result = applyFixes(findings, kinds, (file) => tree.textOf(file));
    if (result.applied.length === 0) break;
    for (const [file, text] of result.texts) texts.set(file, text);
    fixed.push(...result.applied);
    run = relint(texts);
  }
  return { texts, fixed, after: run };
}

/** Writes whole files beside the old ones and renames them into place, keeping their mode. */
export function writeTexts(root: string, texts: ReadonlyMap<string, string>): void {
  for (const [file, text] of texts) {
    const path = join(root, file);
    const beside = `${path}.plimsoll-${process.pid}`;
    writeFileSync(beside, text, { mode: statSync(path).mode });
    renameSync(beside, path);
  }
}
