import type { Connection } from 'vscode-languageserver';
import type { Profile } from '../lint/settings';
import type { Severity } from '../protocol/finding';
import type { Overlap } from '../protocol/languageServer';

/** The part of the editor's settings under `plimsoll` that the server reads, every value checked. */
export interface LintPreferences {
  readonly profile?: Profile;
  readonly rules: Readonly<Record<string, Severity | 'off'>>;
  readonly overlap: Overlap;
}

const severities: ReadonlySet<unknown> = new Set(['error', 'warning', 'info', 'hint', 'off']);

/** Settings of the editor, asked for once per document and forgotten when they change. */
export class EditorSettings {
  private count = 0;
  private pushed: unknown;
  private readonly answers = new Map<string, Promise<LintPreferences>>();

  /** `asks`: the client answers `workspace/configuration`; else it pushes settings or sends none. */
  constructor(
    private readonly connection: Connection,
    private readonly asks: boolean,
    initial: unknown,
  ) {
    this.pushed = initial;
  }

  get changes(): number {
    return this.count;
  }

  changed(pushed: unknown): void {
    this.count += 1;
    this.pushed = sectionOf(pushed) ?? this.pushed;
    this.answers.clear();
  }

  of(uri: string): Promise<LintPreferences> {
    let answer = this.answers.get(uri);
    if (!answer) {
      answer = this.ask(uri).then(preferencesIn);
      this.answers.set(uri, answer);
    }
    return answer;
  }

  forget(uri: string): void {
    this.answers.delete(uri);
  }

  private async ask(uri: string): Promise<unknown> {
    if (!this.asks) return this.pushed;
    try {
      const answer: unknown = await this.connection.workspace.getConfiguration({
        scopeUri: uri,
        section: 'plimsoll',
      });
      return answer ?? this.pushed;
    } catch {
      // A client that announces the request and then fails it is treated like one without it.
      return this.pushed;
    }
  }
}

/** Clients push either the section itself or an object that holds it. */
function sectionOf(pushed: unknown): unknown {
  const whole = asRecord(pushed);
  return whole['plimsoll'] ?? (Object.keys(whole).length > 0 ? whole : undefined);
}

function preferencesIn(section: unknown): LintPreferences {
  const lint = asRecord(asRecord(section)['lint']);
  const profile = lint['profile'];
  const overlap = lint['overlap'];
  const rules = Object.entries(asRecord(lint['rules'])).filter((entry): entry is [string, Severity | 'off'] =>
    severities.has(entry[1]),
  );
  return {
    ...(profile === 'recommended' || profile === 'strict' ? { profile } : {}),
    rules: Object.fromEntries(rules),
    overlap: overlap === 'always' || overlap === 'never' ? overlap : 'auto',
  };
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}
