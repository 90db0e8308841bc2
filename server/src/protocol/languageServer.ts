/** What the editor extension and the language server say to each other beyond LSP itself. */
import type { Severity } from './finding';

/** `initializationOptions`. Every field may be missing: other editors send none. */
export interface InitializationOptions {
  /** The translated templates (the content of media/l10n/bundle.l10n.LANGUAGE.json). */
  readonly bundle?: Readonly<Record<string, string>>;
  /** A folder URI where the rules' pages lie, without a trailing slash. */
  readonly rulePages?: string;
  /** Regular expressions of the codes, as our rules name them in `aliases`, that other installed linters can show. */
  readonly otherLinters?: readonly string[];
  /** Another installed server completes flags and stage names of Dockerfiles. */
  readonly othersComplete?: boolean;
  /** The client answers `plimsoll/listFiles` and `plimsoll/readFile`, for folders the server cannot read itself. */
  readonly servesFiles?: boolean;
  /** Settings as under `plimsoll` in the editor, for clients that do not answer `workspace/configuration`. */
  readonly settings?: unknown;
}

/** Client to server, request: which configuration applies to a document, and what was silenced by what. */
export const explainConfigurationMethod = 'plimsoll/explainConfiguration';

export interface ExplainConfigurationParams {
  readonly uri: string;
}

export interface ConfigurationExplained {
  /** The file that applies; null when only the editor's settings and the defaults do. */
  readonly file: string | null;
  /** The configuration leaves the document out: it is not linted. */
  readonly excluded: boolean;
  readonly profile: string;
  readonly overlap: Overlap;
  readonly rules: readonly {
    readonly rule: string;
    readonly severity: Severity | 'off';
    readonly from: 'file' | 'editor';
  }[];
  readonly shown: number;
  readonly silenced: readonly SilencedFinding[];
  /** What is wrong with the configuration, worded in the user's language. */
  readonly problems: readonly string[];
}

export interface SilencedFinding {
  readonly rule: string;
  /** Worded in the user's language. */
  readonly message: string;
  /** 1-based line of the finding. */
  readonly line: number;
  /** `by` and the reason, worded in the user's language. */
  readonly because: string;
}

/** Whether findings that another installed linter shows too are shown: by what is on the document, always, never. */
export type Overlap = 'auto' | 'always' | 'never';

/** Server to client, notification: the findings of one document, counted for the status item. */
export const countsMethod = 'plimsoll/counts';

export interface Counts {
  readonly uri: string;
  readonly findings: number;
  /** `2 stop the build · 3 waste 7.8 GB · 2 security`, in the user's language; empty for no findings. */
  readonly words: string;
  /** Of a Dockerfile: its build context and who says so, in the user's language. */
  readonly context?: string;
}

/** Client to server, notification: the codes that other linters show on a document right now. */
export const otherFindingsMethod = 'plimsoll/otherFindings';

export interface OtherFindings {
  readonly uri: string;
  /** Codes as our rules name them in `aliases`. */
  readonly codes: readonly string[];
}

/** Client to server, request: the document's text with its fixes applied, for a preview. */
export const fixedTextMethod = 'plimsoll/fixedText';

export interface FixedTextParams {
  readonly uri: string;
}

export interface FixedText {
  /** Null when there is nothing to fix. */
  readonly text: string | null;
  readonly fixes: number;
}

/** Server to client, requests: files of a folder that only the editor can read. */
export const listFilesMethod = 'plimsoll/listFiles';
export const readFileMethod = 'plimsoll/readFile';

export interface ListFilesParams {
  readonly folder: string;
}

export interface ListedFile {
  /** Relative to the folder, with `/`. */
  readonly path: string;
  readonly size?: number;
}

export interface ReadFileParams {
  readonly uri: string;
  /** Bytes from the start; the whole file when absent. */
  readonly bytes?: number;
}

/** Base64; null when the file is absent, unreadable or above the server's limit. */
export type ReadFileResult = string | null;

/** Client to server, request: the folders that files of the project name as the build context of a Dockerfile. */
export const statedContextsMethod = 'plimsoll/statedContexts';

export interface StatedContextsParams {
  readonly uri: string;
}

export interface StatedContext {
  readonly uri: string;
  /** The file that says so, relative to the workspace folder. */
  readonly file: string;
}

/** Client to server, request: the configuration file with another build context for a Dockerfile. Nothing is written. */
export const contextEditMethod = 'plimsoll/contextEdit';

export interface ContextEditParams {
  /** The Dockerfile. */
  readonly uri: string;
  /** A folder below the same workspace folder. */
  readonly context: string;
}

export interface ContextEdit {
  /** The configuration file: the nearest one, else a new one at the top of the workspace folder. */
  readonly uri: string;
  readonly exists: boolean;
  readonly text: string;
}
