import type { Span } from '../span';
import { hasLongerLine } from '../hasLongerLine';
import { ImportNames } from './importNames';
import type {
  PythonCall,
  PythonClass,
  PythonDecorator,
  PythonFunction,
  PythonHandler,
  PythonImport,
  PythonModule,
  PythonParameter,
  PythonPlace,
  PythonRaise,
  PythonReturn,
  PythonTry,
  PythonValue,
} from './pythonModule';
import { importsOf } from './pythonImports';
import {
  childExpressions,
  deepest,
  isEmptyBody,
  isExpression,
  isStatement,
  parsePython,
  type SyntaxNode,
  spanOf,
} from './pythonSyntax';
import { PythonValues } from './pythonValues';

/** Generated tables are longer, programs are not: the longest module of Python's own library has 230 kB. */
const longestRead = 1 << 18;

/** A line of data, not of program. On one long broken line the parser's work grows with the square of it. */
const longestLine = 1 << 14;

/** Reads a Python file. Broken code gives what can be made out around the fault. */
export function readPython(text: string): PythonModule {
  if (text.length > longestRead || hasLongerLine(text, longestLine)) return unread;
  try {
    // A byte order mark is no Python; a line end in its place moves nothing.
    const source = text.charCodeAt(0) === 0xfeff ? `\n${text.slice(1)}` : text;
    return new Reader(source).module(parsePython(source));
  } catch {
    // The parser's own limits: its tree of some very broken texts cannot be walked.
    return unread;
  }
}

const unread: PythonModule = {
  imports: [],
  calls: [],
  assignments: [],
  functions: [],
  classes: [],
  tries: [],
  texts: [],
  subscripts: [],
  firstError: undefined,
  unread: true,
};

const topPlace: PythonPlace = {
  function: undefined,
  className: undefined,
  atImport: true,
  inMain: false,
  typeOnly: false,
  conditional: false,
  tried: undefined,
  handler: undefined,
};

/** A list that is filled while its owner is already referred to. */
interface Opened<T> {
  readonly value: T;
  readonly returns: PythonReturn[];
  readonly raises: PythonRaise[];
}

class Reader {
  private readonly imports: PythonImport[] = [];
  private readonly functions: PythonFunction[] = [];
  private readonly classes: PythonClass[] = [];
  private readonly tries: PythonTry[] = [];
  private readonly openFunctions = new Map<PythonFunction, Opened<PythonFunction>>();
  private readonly openHandlers = new Map<PythonHandler, Opened<PythonHandler>>();
  private values: PythonValues;
  private depth = 0;

  constructor(private readonly text: string) {
    this.values = new PythonValues(text, new ImportNames([]));
  }

  module(top: SyntaxNode): PythonModule {
    let firstError: Span | undefined;
    const imports: SyntaxNode[] = [];
    const cursor = top.cursor();
    do {
      if (cursor.type.isError) firstError ??= this.errorAt(cursor.node);
      else if (cursor.name === 'ImportStatement') imports.push(cursor.node);
    } while (cursor.next());
    const names = new ImportNames(imports.flatMap((node) => importsOf(this.text, node, topPlace)));
    this.values = new PythonValues(this.text, names);
    this.block(top, topPlace);
    return {
      imports: this.imports,
      calls: this.values.calls,
      assignments: this.values.assignments,
      functions: this.functions,
      classes: this.classes,
      tries: this.tries,
      texts: this.values.texts,
      subscripts: this.values.subscripts,
      firstError,
      unread: false,
    };
  }

  /** The grammar wants a value after `yield`, Python does not. */
  private errorAt(node: SyntaxNode): Span | undefined {
    return /^yield/i.test(node.parent?.name ?? '') ? undefined : spanOf(node);
  }

  private block(parent: SyntaxNode | null, place: PythonPlace): void {
    if (this.depth >= deepest) return;
    this.depth++;
    for (let node = parent?.firstChild ?? null; node; node = node.nextSibling) this.statement(node, place);
    this.depth--;
  }

  private statement(node: SyntaxNode, place: PythonPlace): void {
    switch (node.name) {
      case 'ImportStatement':
        this.imports.push(...importsOf(this.text, node, place));
        return;
      case 'ExpressionStatement':
        // A string that is a whole statement is documentation.
        if (node.firstChild?.name !== 'String') this.expressions(node, place);
        return;
      case 'AssignStatement':
        this.assignment(node, place);
        return;
      case 'YieldStatement':
        this.values.value(node, place);
        return;
      case 'UpdateStatement':
        this.update(node, place);
        return;
      case 'ReturnStatement':
        this.returned(node, place);
        return;
      case 'RaiseStatement':
        this.raised(node, place);
        return;
      case 'DecoratedStatement':
        this.decorated(node, place);
        return;
      case 'FunctionDefinition':
        this.functionDefinition(node, place, []);
        return;
      case 'ClassDefinition':
        this.classDefinition(node, place, []);
        return;
      case 'TryStatement':
        this.tryStatement(node, place);
        return;
      case 'IfStatement':
        this.ifStatement(node, place);
        return;
      case 'Body':
        this.block(node, place);
        return;
      case 'MatchClause':
        this.block(node.getChild('Body'), { ...place, conditional: true });
        return;
      case 'MatchBody':
        this.block(node, place);
        return;
      default:
        // with, for, while, assert, del, yield, and what error recovery left: expressions and bodies.
        if (node.firstChild) this.expressions(node, place);
    }
  }

  /** Reads every expression directly below `node`, and the bodies among them. */
  private expressions(node: SyntaxNode, place: PythonPlace): void {
    if (this.depth >= deepest) return;
    this.depth++;
    for (let child = node.firstChild; child; child = child.nextSibling) {
      if (child.name === 'Body' || child.name === 'MatchBody' || isStatement(child))
        this.statement(child, place);
      else if (isExpression(child)) this.values.value(child, place);
    }
    this.depth--;
  }

  private assignment(node: SyntaxNode, place: PythonPlace): void {
    const targets: SyntaxNode[][] = [[]];
    let annotation: PythonValue | undefined;
    for (let child = node.firstChild; child; child = child.nextSibling) {
      if (child.name === 'AssignOp') targets.push([]);
      else if (child.name === 'TypeDef') annotation = this.annotationIn(child, place);
      else if (isExpression(child)) targets.at(-1)?.push(child);
    }
    const [right = []] = targets.length > 1 ? targets.splice(-1) : [];
    const values = right.map((one) => this.values.value(one, place));
    const single = values.length === 1 ? values[0] : undefined;
    const list: PythonValue | undefined =
      values.length > 1 ? { kind: 'list', items: values, span: spanOf(node) } : single;
    for (const group of targets) {
      const [target] = group;
      if (!target) continue;
      if (group.length === 1) this.values.assign(target, annotation, list, node, place);
      else for (const one of group) this.values.assign(one, undefined, undefined, node, place);
    }
  }

  private update(node: SyntaxNode, place: PythonPlace): void {
    const target = node.firstChild;
    if (!target) return;
    for (let child = target.nextSibling; child; child = child.nextSibling) {
      if (isExpression(child)) this.values.value(child, place);
    }
    this.values.assign(target, undefined, undefined, node, place);
  }

  private returned(node: SyntaxNode, place: PythonPlace): void {
    const entry: PythonReturn = { value: this.listed(node, place), span: spanOf(node), place };
    if (place.function) this.openFunctions.get(place.function)?.returns.push(entry);
    if (place.handler) this.openHandlers.get(place.handler)?.returns.push(entry);
  }

  private raised(node: SyntaxNode, place: PythonPlace): void {
    const [first, ...others] = childExpressions(node);
    const value = first && this.values.value(first, place);
    for (const other of others) this.values.value(other, place);
    const entry: PythonRaise = { value, span: spanOf(node), place };
    if (place.function) this.openFunctions.get(place.function)?.raises.push(entry);
    if (place.handler) this.openHandlers.get(place.handler)?.raises.push(entry);
  }

  /** The one value below `node`, or all as a list. */
  private listed(node: SyntaxNode, place: PythonPlace): PythonValue | undefined {
    const items = childExpressions(node).map((child) => this.values.value(child, place));
    return items.length > 1 ? { kind: 'list', items, span: spanOf(node) } : items[0];
  }

  private decorated(node: SyntaxNode, place: PythonPlace): void {
    const decorators: PythonDecorator[] = [];
    for (let child = node.firstChild; child; child = child.nextSibling) {
      if (child.name === 'Decorator') decorators.push(this.decorator(child, place));
      else if (child.name === 'FunctionDefinition') this.functionDefinition(child, place, decorators);
      else if (child.name === 'ClassDefinition') this.classDefinition(child, place, decorators);
    }
  }

  /** The grammar lays `@a.b(c)` out flat: names, dots and the arguments are siblings. */
  private decorator(node: SyntaxNode, place: PythonPlace): PythonDecorator {
    const names = node.getChildren('VariableName');
    const [first] = names;
    const last = names.at(-1);
    const list = node.getChild('ArgList');
    if (!first || !last) {
      const whole = childExpressions(node).map((child) => this.values.value(child, place))[0];
      const call = whole?.kind === 'call' ? { ...whole.call, isDecorator: true } : undefined;
      return { name: call?.callee ?? '', call, span: spanOf(node) };
    }
    const resolved = [this.values.resolve(first, place), ...names.slice(1).map((name) => this.slice(name))];
    const name = resolved.join('.');
    if (!list) return { name, call: undefined, span: spanOf(node) };
    const receiverPath = resolved.slice(0, -1).join('.');
    const beforeLast = names.at(-2);
    const call: PythonCall = {
      callee: name,
      calleeSpan: spanOf(last),
      receiver: beforeLast
        ? { kind: 'name', path: receiverPath, span: { start: first.from, end: beforeLast.to } }
        : undefined,
      arguments: this.values.argumentsOf(list, place),
      awaited: false,
      isDecorator: true,
      span: { start: first.from, end: list.to },
      place,
    };
    this.values.calls.push(call);
    return { name, call, span: spanOf(node) };
  }

  private functionDefinition(
    node: SyntaxNode,
    place: PythonPlace,
    decorators: readonly PythonDecorator[],
  ): void {
    const name = node.getChild('VariableName');
    const returns: PythonReturn[] = [];
    const raises: PythonRaise[] = [];
    const { yielding } = this.values;
    const definition: PythonFunction = {
      name: name ? this.slice(name) : '',
      nameSpan: name ? spanOf(name) : { start: node.from, end: node.from },
      isAsync: node.getChild('async') !== null,
      parameters: this.parametersOf(node.getChild('ParamList'), place),
      returnAnnotation: this.annotationIn(node.getChild('TypeDef'), place),
      decorators,
      returns,
      raises,
      get hasYield(): boolean {
        return yielding.has(definition);
      },
      span: spanOf(node),
      place,
    };
    this.functions.push(definition);
    this.openFunctions.set(definition, { value: definition, returns, raises });
    this.block(node.getChild('Body'), {
      ...topPlace,
      function: definition,
      className: place.className,
      atImport: false,
      inMain: place.inMain,
    });
  }

  private parametersOf(list: SyntaxNode | null, place: PythonPlace): PythonParameter[] {
    const parameters: PythonParameter[] = [];
    let spread: '*' | '**' | undefined;
    let awaitsDefault = false;
    for (let child = list?.firstChild ?? null; child; child = child.nextSibling) {
      const last = parameters.at(-1);
      if (child.name === '*' || child.name === '**') spread = child.name;
      else if (child.name === ',') spread = undefined;
      else if (child.name === 'AssignOp') awaitsDefault = true;
      else if (child.name === 'TypeDef' && last) {
        parameters[parameters.length - 1] = { ...last, annotation: this.annotationIn(child, place) };
      } else if (awaitsDefault && last && isExpression(child)) {
        parameters[parameters.length - 1] = { ...last, default: this.values.value(child, place) };
        awaitsDefault = false;
      } else if (child.name === 'VariableName') {
        parameters.push({
          name: this.slice(child),
          span: spanOf(child),
          spread,
          annotation: undefined,
          default: undefined,
        });
        spread = undefined;
      }
    }
    return parameters;
  }

  private classDefinition(
    node: SyntaxNode,
    place: PythonPlace,
    decorators: readonly PythonDecorator[],
  ): void {
    const name = node.getChild('VariableName');
    const bases = this.values
      .argumentsOf(node.getChild('ArgList'), place)
      .filter((argument) => argument.name === undefined)
      .map(({ value }) =>
        value.kind === 'name' ? value.path : value.kind === 'call' ? value.call.callee : '',
      );
    const written = name ? this.slice(name) : '';
    const inner: PythonPlace = { ...place, className: written };
    const before = this.values.assignments.length;
    this.block(node.getChild('Body'), inner);
    this.classes.push({
      name: written,
      nameSpan: name ? spanOf(name) : { start: node.from, end: node.from },
      bases: bases.filter((base) => base !== ''),
      decorators,
      fields: this.values.assignments
        .slice(before)
        .filter((one) => one.place.className === written && !one.place.function),
      span: spanOf(node),
      place,
    });
  }

  private tryStatement(node: SyntaxNode, place: PythonPlace): void {
    const handlers: PythonHandler[] = [];
    const whole: PythonTry = { span: spanOf(node), handlers, place };
    this.tries.push(whole);
    const bodies: { body: SyntaxNode; handler: PythonHandler | undefined; role: string }[] = [];
    let role = 'try';
    let types: SyntaxNode[] = [];
    let name: string | undefined;
    let start = node.from;
    for (let child = node.firstChild; child; child = child.nextSibling) {
      if (child.name === 'except' || child.name === 'else' || child.name === 'finally') {
        role = child.name;
        types = [];
        name = undefined;
        start = child.from;
      } else if (child.name === 'as') {
        const next: SyntaxNode | null = child.nextSibling;
        if (next?.name === 'VariableName') {
          name = this.slice(next);
          child = next;
        }
      } else if (child.name === 'Body') {
        const handler =
          role === 'except' ? this.handler(types, name, { start, end: child.to }, child, place) : undefined;
        if (handler) handlers.push(handler);
        bodies.push({ body: child, handler, role });
      } else if (role === 'except' && isExpression(child)) {
        types.push(child);
      }
    }
    // Handlers first exist, then bodies are read: an import in the body is optional when a handler catches it.
    for (const { body, handler, role: its } of bodies) {
      if (handler) this.block(body, { ...place, handler, tried: undefined });
      else this.block(body, its === 'try' ? { ...place, tried: whole } : place);
    }
  }

  private annotationIn(node: SyntaxNode | null, place: PythonPlace): PythonValue | undefined {
    const [expression] = node ? childExpressions(node) : [];
    return expression && this.values.value(expression, place);
  }

  private handler(
    types: readonly SyntaxNode[],
    name: string | undefined,
    span: Span,
    body: SyntaxNode,
    place: PythonPlace,
  ): PythonHandler {
    const returns: PythonReturn[] = [];
    const raises: PythonRaise[] = [];
    const flat = types.flatMap((type) => (type.name === 'TupleExpression' ? childExpressions(type) : [type]));
    const handler: PythonHandler = {
      types: flat.map((type) => this.values.pathOf(type, place)),
      name,
      returns,
      raises,
      isEmpty: isEmptyBody(body),
      span,
    };
    this.openHandlers.set(handler, { value: handler, returns, raises });
    return handler;
  }

  private ifStatement(node: SyntaxNode, place: PythonPlace): void {
    let test = '';
    for (let child = node.firstChild; child; child = child.nextSibling) {
      if (child.name === 'Body') {
        const inMain = /__name__\s*==\s*["']__main__["']/.test(test);
        const typeOnly = /^(?:\w+\.)?TYPE_CHECKING$/.test(test);
        this.block(child, {
          ...place,
          inMain: place.inMain || inMain,
          atImport: place.atImport && !inMain && !typeOnly,
          typeOnly: place.typeOnly || typeOnly,
          conditional: place.conditional || !inMain,
        });
        test = '';
      } else if (isExpression(child)) {
        test = this.text.slice(child.from, Math.min(child.to, child.from + 80));
        this.values.value(child, place);
      }
    }
  }

  private slice(node: SyntaxNode): string {
    return this.text.slice(node.from, node.to);
  }
}
