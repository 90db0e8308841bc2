import type { Answer } from '../answer';
import type { Span } from '../span';

/** One word of a command. Spans are offsets in the file the script stands in. */
export interface ShellWord {
  readonly span: Span;
  /** As written. */
  readonly raw: string;
  /** Quotes removed, known variables put in. Unknown when it holds an expansion nobody can tell. */
  readonly value: Answer<string>;
  /** The word holds an unquoted `*`, `?` or `[`. */
  readonly hasGlob: boolean;
  /** The word holds an unquoted `{a,b}`, which bash expands and a POSIX sh does not. */
  readonly hasBraces: boolean;
  /** Names of the variables the word expands. */
  readonly variables: readonly string[];
}

export interface Redirection {
  readonly span: Span;
  /** `>`, `>>`, `<`, `&>`, `<<`, `<<<` ... */
  readonly operator: string;
  /** Undefined for here-documents. */
  readonly target: ShellWord | undefined;
  /** Body of a here-document as written. */
  readonly bodySpan: Span | undefined;
}

export interface ShellAssignment {
  readonly name: string;
  readonly span: Span;
  readonly value: Answer<string>;
}

/** How a command is reached from the one before it. */
export type Connector = 'first' | '&&' | '||' | ';' | '|';

/** One simple command, wherever it stands: in a list, a pipeline, an `if`, a function, a substitution. */
export interface ShellCommand {
  readonly span: Span;
  /** The command's own word, wrappers such as `sudo`, `env` and `exec` taken off. */
  readonly name: ShellWord;
  /** Last path part of the name; empty when unknown. */
  readonly program: string;
  /** Words after the name. */
  readonly words: readonly ShellWord[];
  /** Wrapper programs before it, outermost first: `sudo`, `env` ... */
  readonly wrappers: readonly ShellWord[];
  readonly assignments: readonly ShellAssignment[];
  readonly redirections: readonly Redirection[];
  readonly connector: Connector;
  /** Its standard output feeds the next command of a pipeline. */
  readonly pipesInto: boolean;
  /** It may not run: under `if`, `while`, `case`, a function, or after `||`. */
  readonly conditional: boolean;
  /** In `( )`, `$( )` or a nested `sh -c`: changes of folder and variables end with it. */
  readonly nested: boolean;
  /** 0-based number of the top-level statement it belongs to. */
  readonly statement: number;
}

/** A use of syntax that bash has and a POSIX shell lacks. */
export interface Bashism {
  readonly span: Span;
  readonly kind:
    | 'double-bracket'
    /** In a command's words and in the list of a `for`; an assignment expands no braces in bash either. */
    | 'brace-expansion'
    | 'and-redirect'
    | 'source'
    | 'array'
    | 'process-substitution'
    | 'here-string'
    | 'ansi-c-quote'
    | 'function-keyword'
    | 'double-equals'
    | 'pipefail'
    /** `${x/a/b}` and `${x:1:2}`. */
    | 'substring'
    /** `${x^^}`, `${!x}`, `${x[0]}`, `${x@Q}`. */
    | 'substitution'
    | 'arithmetic-command'
    | 'append'
    | 'echo-e'
    /** `shopt`, `pushd`, `declare` ...: commands that bash brings along. */
    | 'builtin'
    | 'let'
    | 'arithmetic-for'
    | 'pipe-and';
}

export interface ShellScript {
  readonly span: Span;
  readonly commands: readonly ShellCommand[];
  readonly bashisms: readonly Bashism[];
  /** First place where the shell itself would refuse the text. */
  readonly syntaxError: { readonly offset: number; readonly message: string } | undefined;
  /** `set -e` is in force from this statement on; undefined when it never is. */
  readonly errexitFrom: number | undefined;
  /** Number of top-level statements. */
  readonly statements: number;
}
