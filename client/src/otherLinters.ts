import { type Diagnostic, type Disposable, extensions, languages, type Uri } from 'vscode';
import type { OtherFindings } from '../../server/src/protocol/languageServer';
import linters from './data/otherLinters.json';

/** One other linter, as data/otherLinters.json describes it; the texts are regular expressions. */
export interface OtherLinter {
  readonly name: string;
  readonly extensions: readonly string[];
  /** Of its diagnostics. */
  readonly source: string;
  /** Group 1 is the code, as our rules write it among their aliases. */
  readonly code: string;
  /** For a linter that gives its diagnostics no code: group 1 of the message is it. */
  readonly message?: string;
  /** The aliases of ours that it can show. */
  readonly aliases: string;
  /** It completes flags and stage names. */
  readonly completes: boolean;
}

/** A linter clears its findings before it shows them again: a code that went away is forgotten after this. */
const settleMs = 1500;

export function installedLinters(): OtherLinter[] {
  return linters.filter((linter) =>
    linter.extensions.some((id) => extensions.getExtension(id) !== undefined),
  );
}

/** The codes that other linters show in these diagnostics. */
function codesOfOthers(diagnostics: readonly Diagnostic[]): string[] {
  const codes = diagnostics.filter(({ source }) => source !== 'plimsoll').flatMap(codesIn);
  return [...new Set(codes)].sort();
}

function codesIn({ source, code, message }: Diagnostic): string[] {
  const written = String(typeof code === 'object' ? code.value : (code ?? ''));
  return (linters as readonly OtherLinter[]).flatMap((linter) => {
    const byCode = new RegExp(linter.source, 'i').test(source ?? '')
      ? new RegExp(linter.code).exec(written)
      : null;
    const byMessage = linter.message === undefined ? null : new RegExp(linter.message).exec(message);
    return (byCode ?? byMessage)?.[1] ?? [];
  });
}

/** Tells the server what other linters show, document by document. */
export class OtherFindingsWatch implements Disposable {
  private readonly told = new Map<string, string>();
  private readonly settling = new Map<string, ReturnType<typeof setTimeout>>();
  private readonly listening: Disposable;

  constructor(private readonly tell: (findings: OtherFindings) => void) {
    this.listening = languages.onDidChangeDiagnostics(({ uris }) => uris.forEach((uri) => this.look(uri)));
    for (const [uri] of languages.getDiagnostics()) this.look(uri);
  }

  dispose(): void {
    this.listening.dispose();
    for (const timer of this.settling.values()) clearTimeout(timer);
  }

  private look(uri: Uri): void {
    const key = uri.toString();
    const before = this.told.get(key) ?? '';
    const now = codesOfOthers(languages.getDiagnostics(uri)).join(',');
    clearTimeout(this.settling.get(key));
    if (now === before) return;
    const isGrowing = before.split(',').every((code) => code === '' || now.split(',').includes(code));
    if (isGrowing) return this.say(key, now);
    this.settling.set(
      key,
      setTimeout(() => this.say(key, codesOfOthers(languages.getDiagnostics(uri)).join(',')), settleMs),
    );
  }

  private say(uri: string, codes: string): void {
    this.told.set(uri, codes);
    this.tell({ uri, codes: codes === '' ? [] : codes.split(',') });
  }
}
