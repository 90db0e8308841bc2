import type { Span } from '../span';

/**
 * A Python file as facts: what it imports, calls, assigns, defines and returns. General on purpose, so that a
 * rule asks a new question of these lists and never of the parser.
 */
export interface PythonModule {
  readonly imports: readonly PythonImport[];
  /** Every call, decorators with arguments included, in the order of their ends. */
  readonly calls: readonly PythonCall[];
  readonly assignments: readonly PythonAssignment[];
  readonly functions: readonly PythonFunction[];
  readonly classes: readonly PythonClass[];
  readonly tries: readonly PythonTry[];
  /** String constants, docstrings left out. */
  readonly texts: readonly PlacedText[];
  /** Subscripts that are read or written, such as `os.environ["X"]`. */
  readonly subscripts: readonly PythonSubscript[];
  /** Where the parser first had to guess. It guesses in some valid programs too: no ground for a finding. */
  readonly firstError: Span | undefined;
  /** The file is too long to be read: every list is empty, which says nothing. */
  readonly unread: boolean;
}

/** Where in the program something stands. */
export interface PythonPlace {
  readonly function: PythonFunction | undefined;
  /** Innermost class, whether or not a function is between. */
  readonly className: string | undefined;
  /** Runs when the module is imported: not in a function, not under `if __name__ == "__main__"`. */
  readonly atImport: boolean;
  /** Under `if __name__ == "__main__"`. */
  readonly inMain: boolean;
  /** Only for type checkers: under `if TYPE_CHECKING`. */
  readonly typeOnly: boolean;
  /** Under any `if`, or in a conditional expression. */
  readonly conditional: boolean;
  /** Body of this `try`. */
  readonly tried: PythonTry | undefined;
  /** Body of this `except`. */
  readonly handler: PythonHandler | undefined;
}

/** One module of an import statement. */
export interface PythonImport {
  /** `a.b`; with a leading dot for each level of a relative import. */
  readonly module: string;
  readonly moduleSpan: Span;
  readonly level: number;
  /** Of `from module import ...`; empty for `import module`. `*` is a name. */
  readonly names: readonly ImportedName[];
  /** Of `import module as alias`. */
  readonly alias: string | undefined;
  /** The program goes on without it: a `try` catches its failure, or only type checkers see it. */
  readonly optional: boolean;
  readonly span: Span;
  readonly place: PythonPlace;
}

export interface ImportedName {
  readonly name: string;
  readonly alias: string | undefined;
  readonly span: Span;
}

export interface PythonCall {
  /**
   * Dotted, with import aliases resolved: `transformers.AutoModel.from_pretrained`. A call or subscript inside
   * reads `()` or `[]`: `torch.load().to`. Empty for what has no name.
   */
  readonly callee: string;
  /** The last name of the callee. */
  readonly calleeSpan: Span;
  /** What the last name is taken from, for a method. */
  readonly receiver: PythonValue | undefined;
  readonly arguments: readonly PythonArgument[];
  readonly awaited: boolean;
  readonly isDecorator: boolean;
  readonly span: Span;
  readonly place: PythonPlace;
}

export interface PythonArgument {
  readonly name: string | undefined;
  readonly spread: '*' | '**' | undefined;
  readonly value: PythonValue;
  /** With its name. */
  readonly span: Span;
}

export interface PythonAssignment {
  /** `name`, `self.name`, `CONFIG[]`; resolved like a callee. */
  readonly target: string;
  readonly targetSpan: Span;
  readonly annotation: PythonValue | undefined;
  /** Undefined for an annotation without value, and for `a += 1` and unpacking, where the value is not the name's. */
  readonly value: PythonValue | undefined;
  readonly span: Span;
  readonly place: PythonPlace;
}

export interface PythonFunction {
  readonly name: string;
  readonly nameSpan: Span;
  readonly isAsync: boolean;
  readonly parameters: readonly PythonParameter[];
  readonly returnAnnotation: PythonValue | undefined;
  readonly decorators: readonly PythonDecorator[];
  readonly returns: readonly PythonReturn[];
  readonly raises: readonly PythonRaise[];
  readonly hasYield: boolean;
  readonly span: Span;
  /** Where it is defined. */
  readonly place: PythonPlace;
}

export interface PythonParameter {
  readonly name: string;
  readonly span: Span;
  readonly spread: '*' | '**' | undefined;
  readonly annotation: PythonValue | undefined;
  readonly default: PythonValue | undefined;
}

export interface PythonDecorator {
  /** Dotted and resolved. */
  readonly name: string;
  /** Present when the decorator has arguments. */
  readonly call: PythonCall | undefined;
  readonly span: Span;
}

export interface PythonReturn {
  readonly value: PythonValue | undefined;
  readonly span: Span;
  readonly place: PythonPlace;
}

export interface PythonRaise {
  /** Undefined for a bare `raise`. */
  readonly value: PythonValue | undefined;
  readonly span: Span;
  readonly place: PythonPlace;
}

export interface PythonClass {
  readonly name: string;
  readonly nameSpan: Span;
  /** Dotted and resolved. */
  readonly bases: readonly string[];
  readonly decorators: readonly PythonDecorator[];
  /** Assignments and annotations in its body. */
  readonly fields: readonly PythonAssignment[];
  readonly span: Span;
  readonly place: PythonPlace;
}

export interface PythonTry {
  readonly span: Span;
  readonly handlers: readonly PythonHandler[];
  readonly place: PythonPlace;
}

export interface PythonHandler {
  /** Resolved names; empty for a bare `except`. */
  readonly types: readonly string[];
  /** The `e` of `except X as e`. */
  readonly name: string | undefined;
  readonly returns: readonly PythonReturn[];
  readonly raises: readonly PythonRaise[];
  /** Nothing but `pass` or `...`. */
  readonly isEmpty: boolean;
  readonly span: Span;
}

export interface PlacedText {
  readonly text: PythonText;
  readonly place: PythonPlace;
}

export interface PythonSubscript {
  /** What is indexed, dotted and resolved. */
  readonly of: string;
  readonly index: PythonValue;
  readonly isWritten: boolean;
  readonly span: Span;
  readonly place: PythonPlace;
}

export type PythonValue =
  | PythonText
  | { readonly kind: 'number'; readonly value: number; readonly span: Span }
  | { readonly kind: 'boolean'; readonly value: boolean; readonly span: Span }
  | { readonly kind: 'none'; readonly span: Span }
  /** A name or attribute path, dotted and resolved. */
  | { readonly kind: 'name'; readonly path: string; readonly span: Span }
  | { readonly kind: 'list'; readonly items: readonly PythonValue[]; readonly span: Span }
  | {
      readonly kind: 'dictionary';
      readonly entries: readonly { readonly key: PythonValue; readonly value: PythonValue }[];
      /** Holds entries this model does not show: `**other`. */
      readonly open: boolean;
      readonly span: Span;
    }
  | { readonly kind: 'call'; readonly call: PythonCall; readonly span: Span }
  /** An f-string: text between its values, one more than there are values. */
  | {
      readonly kind: 'template';
      readonly texts: readonly string[];
      readonly values: readonly PythonValue[];
      readonly span: Span;
    }
  /** `a if test else b`, `a or b`, `a and b`: one of these. */
  | { readonly kind: 'choice'; readonly options: readonly PythonValue[]; readonly span: Span }
  /** Anything else, with the values directly inside. */
  | { readonly kind: 'other'; readonly parts: readonly PythonValue[]; readonly span: Span };

export interface PythonText {
  readonly kind: 'text';
  readonly value: string;
  /** With prefix and quotes. */
  readonly span: Span;
  /** Between the quotes; of adjacent strings, from the first to the last. */
  readonly inner: Span;
}
