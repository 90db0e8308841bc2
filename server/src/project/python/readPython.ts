import { parser } from '@lezer/python';
import type { Span } from '../span';
import { hasLongerLine } from '../hasLongerLine';
import { ImportNames } from './importNames';
import type {
  PlacedText,
  PythonArgument,
  PythonAssignment,
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
  PythonSubscript,
  PythonTry,
  PythonValue,
} from './pythonModule';
import { pythonText, unescapedPython } from './pythonString';

type SyntaxNode = ReturnType<typeof parser.parse>['topNode'];

/** Generated tables are longer, programs are not: the longest module of Python's own library has 230 kB. */
const longestRead = 1 << 18;

/** A line of data, not of program. On one long broken line the parser's work grows with the square of it. */
const longestLine = 1 << 14;

/**
 * The parser takes 0.15 to 0.25 steps for each character of a program, and up to 1 of text that is none, each
 * ten times as slow. After that many steps what follows is left unread.
 */
const mostSteps = 65_000;

/** A callee of more parts says nothing to anyone. */
const longestPath = 32;

/** Deeper nesting is left unread. Python's own parser stops at 100 blocks and 200 parentheses. */
const deepest = 250;

/** Reads a Python file. Broken code gives what can be made out around the fault. */
export function readPython(text: string): PythonModule {
  if (text.length > longestRead || hasLongerLine(text, longestLine)) return unread;
  try {
    // A byte order mark is no Python; a line end in its place moves nothing.
    const source = text.charCodeAt(0) === 0xfeff ? `\n${text.slice(1)}` : text;
    return new Reader(source).module(parsed(source));
  } catch {
    // The parser's own limits: its tree of some very broken texts cannot be walked.
    return unread;
  }
}

function parsed(text: string): SyntaxNode {
  const parse = parser.startParse(text);
  for (let steps = 0; ; steps++) {
    if (steps === mostSteps) parse.stopAt(Math.min(text.length, parse.parsedPos));
    const tree = parse.advance();
    if (tree) return tree.topNode;
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
  private readonly calls: PythonCall[] = [];
  private readonly assignments: PythonAssignment[] = [];
  private readonly functions: PythonFunction[] = [];
  private readonly classes: PythonClass[] = [];
  private readonly tries: PythonTry[] = [];
  private readonly texts: PlacedText[] = [];
  private readonly subscripts: PythonSubscript[] = [];
  private readonly openFunctions = new Map<PythonFunction, Opened<PythonFunction>>();
  private readonly openHandlers = new Map<PythonHandler, Opened<PythonHandler>>();
  private readonly yielding = new Set<PythonFunction>();
  private names = new ImportNames([]);
  private depth = 0;

  constructor(private readonly text: string) {}

  module(top: SyntaxNode): PythonModule {
    let firstError: Span | undefined;
    const imports: SyntaxNode[] = [];
    const cursor = top.cursor();
    do {
      if (cursor.type.isError) firstError ??= this.errorAt(cursor.node);
      else if (cursor.name === 'ImportStatement') imports.push(cursor.node);
    } while (cursor.next());
    this.names = new ImportNames(imports.flatMap((node) => this.importsOf(node, topPlace)));
    this.block(top, topPlace);
    return {
      imports: this.imports,
      calls: this.calls,
      assignments: this.assignments,
      functions: this.functions,
      classes: this.classes,
      tries: this.tries,
      texts: this.texts,
      subscripts: this.subscripts,
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
        this.imports.push(...this.importsOf(node, place));
        return;
      case 'ExpressionStatement':
        // A string that is a whole statement is documentation.
        if (node.firstChild?.name !== 'String') this.expressions(node, place);
        return;
      case 'AssignStatement':
        this.assignment(node, place);
        return;
      case 'YieldStatement':
        this.value(node, place);
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
      else if (isExpression(child)) this.value(child, place);
    }
    this.depth--;
  }

  private importsOf(node: SyntaxNode, place: PythonPlace): PythonImport[] {
    const optional = place.typeOnly || isOptionalPlace(place);
    const span = spanOf(node);
    const found: PythonImport[] = [];
    let child = node.firstChild;
    const isFrom = child?.name === 'from';
    child = child?.nextSibling ?? null;
    let module = '';
    let moduleStart = child?.from ?? node.to;
    let moduleEnd = moduleStart;
    let alias: string | undefined;
    const close = (): void => {
      const level = /^\.*/.exec(module)?.[0].length ?? 0;
      const moduleSpan = { start: moduleStart, end: moduleEnd };
      if (module !== '') found.push({ module, moduleSpan, level, names: [], alias, optional, span, place });
    };
    for (; child && child.name !== 'import'; child = child.nextSibling) {
      if (child.name === ',') {
        close();
        module = '';
        alias = undefined;
        moduleStart = child.nextSibling?.from ?? child.to;
      } else if (child.name === 'as') {
        child = child.nextSibling;
        if (!child) break;
        alias = this.slice(child);
      } else if (child.name === 'VariableName' || child.name === '.' || child.name === '...') {
        module += this.slice(child);
        moduleEnd = child.to;
      }
    }
    close();
    const own = found[0];
    if (!isFrom || !own) return found;
    return [{ ...own, names: this.importedNames(child) }];
  }

  private importedNames(from: SyntaxNode | null): PythonImport['names'] {
    const names: { name: string; alias: string | undefined; span: Span }[] = [];
    for (let child = from?.nextSibling ?? null; child; child = child.nextSibling) {
      if (child.name === '*') names.push({ name: '*', alias: undefined, span: spanOf(child) });
      if (child.name !== 'VariableName') continue;
      const as = child.nextSibling?.name === 'as' ? child.nextSibling.nextSibling : null;
      const alias = as?.name === 'VariableName' ? this.slice(as) : undefined;
      names.push({ name: this.slice(child), alias, span: spanOf(child) });
      if (as) child = as;
    }
    return names;
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
    const values = right.map((one) => this.value(one, place));
    const single = values.length === 1 ? values[0] : undefined;
    const list: PythonValue | undefined =
      values.length > 1 ? { kind: 'list', items: values, span: spanOf(node) } : single;
    for (const group of targets) {
      const [target] = group;
      if (!target) continue;
      if (group.length === 1) this.assign(target, annotation, list, node, place);
      else for (const one of group) this.assign(one, undefined, undefined, node, place);
    }
  }

  private assign(
    target: SyntaxNode,
    annotation: PythonValue | undefined,
    value: PythonValue | undefined,
    node: SyntaxNode,
    place: PythonPlace,
  ): void {
    if (target.name === 'TupleExpression' || target.name === 'ArrayExpression') {
      for (let child = target.firstChild; child; child = child.nextSibling) {
        if (isExpression(child)) this.assign(child, undefined, undefined, node, place);
      }
      return;
    }
    this.written(target, place);
    this.assignments.push({
      target: this.pathOf(target, place),
      targetSpan: spanOf(target),
      annotation,
      value,
      span: spanOf(node),
      place,
    });
  }

  /** The values inside a target: `a[f(x)] = 1` calls f. */
  private written(target: SyntaxNode, place: PythonPlace): void {
    if (target.name !== 'MemberExpression') return;
    const before = this.subscripts.length;
    this.value(target, place);
    for (let index = before; index < this.subscripts.length; index++) {
      const subscript = this.subscripts[index];
      if (subscript?.span.end === target.to) this.subscripts[index] = { ...subscript, isWritten: true };
    }
  }

  private update(node: SyntaxNode, place: PythonPlace): void {
    const target = node.firstChild;
    if (!target) return;
    for (let child = target.nextSibling; child; child = child.nextSibling) {
      if (isExpression(child)) this.value(child, place);
    }
    this.assign(target, undefined, undefined, node, place);
  }

  private returned(node: SyntaxNode, place: PythonPlace): void {
    const entry: PythonReturn = { value: this.listed(node, place), span: spanOf(node), place };
    if (place.function) this.openFunctions.get(place.function)?.returns.push(entry);
    if (place.handler) this.openHandlers.get(place.handler)?.returns.push(entry);
  }

  private raised(node: SyntaxNode, place: PythonPlace): void {
    const [first, ...others] = childExpressions(node);
    const value = first && this.value(first, place);
    for (const other of others) this.value(other, place);
    const entry: PythonRaise = { value, span: spanOf(node), place };
    if (place.function) this.openFunctions.get(place.function)?.raises.push(entry);
    if (place.handler) this.openHandlers.get(place.handler)?.raises.push(entry);
  }

  /** The one value below `node`, or all as a list. */
  private listed(node: SyntaxNode, place: PythonPlace): PythonValue | undefined {
    const items = childExpressions(node).map((child) => this.value(child, place));
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
      const whole = childExpressions(node).map((child) => this.value(child, place))[0];
      const call = whole?.kind === 'call' ? { ...whole.call, isDecorator: true } : undefined;
      return { name: call?.callee ?? '', call, span: spanOf(node) };
    }
    const resolved = [this.resolve(first, place), ...names.slice(1).map((name) => this.slice(name))];
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
      arguments: this.argumentsOf(list, place),
      awaited: false,
      isDecorator: true,
      span: { start: first.from, end: list.to },
      place,
    };
    this.calls.push(call);
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
    const { yielding } = this;
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
        parameters[parameters.length - 1] = { ...last, default: this.value(child, place) };
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

  private annotationIn(node: SyntaxNode | null, place: PythonPlace): PythonValue | undefined {
    const [expression] = node ? childExpressions(node) : [];
    return expression && this.value(expression, place);
  }

  private classDefinition(
    node: SyntaxNode,
    place: PythonPlace,
    decorators: readonly PythonDecorator[],
  ): void {
    const name = node.getChild('VariableName');
    const bases = this.argumentsOf(node.getChild('ArgList'), place)
      .filter((argument) => argument.name === undefined)
      .map(({ value }) =>
        value.kind === 'name' ? value.path : value.kind === 'call' ? value.call.callee : '',
      );
    const written = name ? this.slice(name) : '';
    const inner: PythonPlace = { ...place, className: written };
    const before = this.assignments.length;
    this.block(node.getChild('Body'), inner);
    this.classes.push({
      name: written,
      nameSpan: name ? spanOf(name) : { start: node.from, end: node.from },
      bases: bases.filter((base) => base !== ''),
      decorators,
      fields: this.assignments
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
      types: flat.map((type) => this.pathOf(type, place)),
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
        this.value(child, place);
      }
    }
  }

  private value(node: SyntaxNode, place: PythonPlace): PythonValue {
    if (this.depth >= deepest) return { kind: 'other', parts: [], span: spanOf(node) };
    this.depth++;
    const value = this.valueAt(node, place);
    this.depth--;
    return value;
  }

  private valueAt(node: SyntaxNode, place: PythonPlace): PythonValue {
    const span = spanOf(node);
    switch (node.name) {
      case 'String': {
        const text = pythonText(this.text, span);
        if (!text) return { kind: 'other', parts: [], span };
        this.texts.push({ text, place });
        return text;
      }
      case 'ContinuedString':
        return this.continued(node, place);
      case 'FormatString':
        return this.template(node, place);
      case 'Number': {
        const value = Number(this.slice(node).replace(/_/g, ''));
        return Number.isNaN(value) ? { kind: 'other', parts: [], span } : { kind: 'number', value, span };
      }
      case 'Boolean':
        return { kind: 'boolean', value: this.slice(node) === 'True', span };
      case 'None':
        return { kind: 'none', span };
      case 'VariableName':
        return { kind: 'name', path: this.resolve(node, place), span };
      case 'MemberExpression':
        return this.member(node, place);
      case 'CallExpression':
        return { kind: 'call', call: this.call(node, place, false), span };
      case 'AwaitExpression': {
        const inner = childExpressions(node)[0];
        if (inner?.name === 'CallExpression')
          return { kind: 'call', call: this.call(inner, place, true), span };
        return { kind: 'other', parts: inner ? [this.value(inner, place)] : [], span };
      }
      case 'ParenthesizedExpression': {
        const [inner] = childExpressions(node);
        return inner ? this.value(inner, place) : { kind: 'other', parts: [], span };
      }
      case 'ArrayExpression':
      case 'TupleExpression':
      case 'SetExpression':
        return { kind: 'list', items: childExpressions(node).map((child) => this.value(child, place)), span };
      case 'DictionaryExpression':
        return this.dictionary(node, place);
      case 'UnaryExpression':
        return this.unary(node, place);
      case 'ConditionalExpression': {
        const [first, test, last] = childExpressions(node);
        const either = { ...place, conditional: true };
        if (test) this.value(test, place);
        const options = [first, last].flatMap((option) => (option ? [this.value(option, either)] : []));
        return { kind: 'choice', options, span };
      }
      case 'BinaryExpression': {
        const parts = childExpressions(node).map((child) => this.value(child, place));
        const isChoice = node.getChild('or') !== null || node.getChild('and') !== null;
        return isChoice ? { kind: 'choice', options: parts, span } : { kind: 'other', parts, span };
      }
      case 'NamedExpression': {
        const [name, value] = childExpressions(node);
        const read = value && this.value(value, place);
        if (name) this.assign(name, undefined, read, node, place);
        return read ?? { kind: 'other', parts: [], span };
      }
      case 'YieldExpression':
      case 'YieldStatement':
        if (place.function) this.yielding.add(place.function);
        return {
          kind: 'other',
          parts: childExpressions(node).map((child) => this.value(child, place)),
          span,
        };
      default:
        return {
          kind: 'other',
          parts: childExpressions(node).map((child) => this.value(child, place)),
          span,
        };
    }
  }

  private continued(node: SyntaxNode, place: PythonPlace): PythonValue {
    const parts = childExpressions(node).map((child) => this.value(child, place));
    const span = spanOf(node);
    if (!parts.every((part) => part.kind === 'text')) return { kind: 'other', parts, span };
    const inner = { start: parts[0]?.inner.start ?? span.start, end: parts.at(-1)?.inner.end ?? span.end };
    return { kind: 'text', value: parts.map((part) => part.value).join(''), span, inner };
  }

  private template(node: SyntaxNode, place: PythonPlace): PythonValue {
    const span = spanOf(node);
    const values: PythonValue[] = [];
    const texts: string[] = [];
    const open = /^[A-Za-z]{0,3}(?:"""|'''|"|')/.exec(this.text.slice(span.start, span.start + 8))?.[0] ?? '';
    const quote = open.replace(/^[A-Za-z]*/, '');
    let from = span.start + open.length;
    for (let child = node.firstChild; child; child = child.nextSibling) {
      if (child.name !== 'FormatReplacement') continue;
      texts.push(literalOf(this.text.slice(from, child.from)));
      const [inner] = childExpressions(child);
      values.push(inner ? this.value(inner, place) : { kind: 'other', parts: [], span: spanOf(child) });
      from = child.to;
    }
    const tail = this.text.slice(from, span.end);
    texts.push(literalOf(tail.endsWith(quote) ? tail.slice(0, tail.length - quote.length) : tail));
    return { kind: 'template', texts, values, span };
  }

  private member(node: SyntaxNode, place: PythonPlace): PythonValue {
    const span = spanOf(node);
    const [object, ...rest] = childExpressions(node);
    const isSubscript = node.getChild('[') !== null;
    const receiver = object && object.name !== 'VariableName' ? this.value(object, place) : undefined;
    if (isSubscript) {
      const items = rest.map((child) => this.value(child, place));
      const [only] = items;
      const index: PythonValue = items.length === 1 && only ? only : { kind: 'list', items, span };
      const of = object ? this.pathOf(object, place) : '';
      this.subscripts.push({ of, index, isWritten: false, span, place });
      const indexed: PythonValue[] =
        object && !receiver ? [{ kind: 'name', path: of, span: spanOf(object) }] : [];
      return { kind: 'other', parts: [...indexed, ...(receiver ? [receiver] : []), ...items], span };
    }
    const path = this.pathOf(node, place);
    return path === ''
      ? { kind: 'other', parts: receiver ? [receiver] : [], span }
      : { kind: 'name', path, span };
  }

  private call(node: SyntaxNode, place: PythonPlace, awaited: boolean): PythonCall {
    const callee = node.firstChild;
    const list = node.getChild('ArgList');
    const object = callee?.name === 'MemberExpression' ? callee.firstChild : null;
    const receiver = object && isExpression(object) ? this.value(object, place) : undefined;
    if (callee && !object && callee.name !== 'VariableName' && isExpression(callee))
      this.value(callee, place);
    const property = callee?.name === 'MemberExpression' ? callee.getChild('PropertyName') : callee;
    const call: PythonCall = {
      callee: callee ? this.pathOf(callee, place) : '',
      calleeSpan: property ? spanOf(property) : spanOf(node),
      receiver,
      arguments: this.argumentsOf(list, place),
      awaited,
      isDecorator: false,
      span: spanOf(node),
      place,
    };
    this.calls.push(call);
    return call;
  }

  private argumentsOf(list: SyntaxNode | null, place: PythonPlace): PythonArgument[] {
    const found: PythonArgument[] = [];
    let spread: '*' | '**' | undefined;
    let name: SyntaxNode | undefined;
    for (let child = list?.firstChild ?? null; child; child = child.nextSibling) {
      if (child.name === '*' || child.name === '**') spread = child.name;
      else if (child.name === ',') {
        spread = undefined;
        name = undefined;
      } else if (child.name === 'VariableName' && child.nextSibling?.name === 'AssignOp') {
        name = child;
        child = child.nextSibling;
      } else if (isExpression(child)) {
        const value = this.value(child, place);
        const span = { start: name?.from ?? child.from, end: child.to };
        found.push({ name: name && this.slice(name), spread, value, span });
      }
    }
    return found;
  }

  private dictionary(node: SyntaxNode, place: PythonPlace): PythonValue {
    const entries: { key: PythonValue; value: PythonValue }[] = [];
    let key: PythonValue | undefined;
    let spread = false;
    let open = false;
    for (let child = node.firstChild; child; child = child.nextSibling) {
      if (child.name === '**') {
        spread = true;
        open = true;
      } else if (child.name === ',') {
        key = undefined;
        spread = false;
      } else if (isExpression(child)) {
        const value = this.value(child, place);
        if (spread) continue;
        if (key) entries.push({ key, value });
        key = key ? undefined : value;
      }
    }
    return { kind: 'dictionary', entries, open, span: spanOf(node) };
  }

  private unary(node: SyntaxNode, place: PythonPlace): PythonValue {
    const [operand] = childExpressions(node);
    const span = spanOf(node);
    const value = operand && this.value(operand, place);
    const sign = this.text[node.from];
    if (value?.kind === 'number' && sign === '-') return { kind: 'number', value: -value.value, span };
    return { kind: 'other', parts: value ? [value] : [], span };
  }

  /** Dotted path of an expression; a call in it reads `()`, a subscript `[]`, a literal nothing. */
  private pathOf(node: SyntaxNode, place: PythonPlace): string {
    const parts: string[] = [];
    let at: SyntaxNode | null = node;
    for (let steps = 0; at && steps < longestPath; steps++) {
      const object: SyntaxNode | null = at.firstChild;
      if (at.name === 'VariableName') return this.resolve(at, place) + parts.reverse().join('');
      if (at.name === 'CallExpression') parts.push('()');
      else if (at.name === 'AwaitExpression' || at.name === 'ParenthesizedExpression') {
        at = childExpressions(at)[0] ?? null;
        continue;
      } else if (at.name === 'MemberExpression') {
        const property = at.getChild('PropertyName');
        parts.push(property ? `.${this.slice(property)}` : '[]');
      } else return '';
      at = object;
    }
    return '';
  }

  /** A name through the module's imports, unless a parameter of the function hides them. */
  private resolve(node: SyntaxNode, place: PythonPlace): string {
    const name = this.slice(node);
    for (let inside = place.function; inside; inside = inside.place.function) {
      if (inside.parameters.some((parameter) => parameter.name === name)) return name;
    }
    return this.names.resolve(name);
  }

  private slice(node: SyntaxNode): string {
    return this.text.slice(node.from, node.to);
  }
}

function literalOf(raw: string): string {
  return unescapedPython(raw.replace(/\{\{/g, '{').replace(/\}\}/g, '}'));
}

function spanOf(node: SyntaxNode): Span {
  return { start: node.from, end: node.to };
}

function isStatement(node: SyntaxNode): boolean {
  return node.name.endsWith('Statement') || node.name.endsWith('Definition');
}

function isExpression(node: SyntaxNode): boolean {
  const { name } = node;
  return (
    name.endsWith('Expression') ||
    name === 'VariableName' ||
    name.endsWith('String') ||
    name === 'Number' ||
    name === 'Boolean' ||
    name === 'None' ||
    name === 'Ellipsis'
  );
}

function childExpressions(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling)
    if (isExpression(child)) found.push(child);
  return found;
}

function isEmptyBody(body: SyntaxNode): boolean {
  for (let child = body.firstChild; child; child = child.nextSibling) {
    const isNothing = child.name === ':' || child.name === 'PassStatement' || child.name === 'Comment';
    const isDots = child.name === 'ExpressionStatement' && child.firstChild?.name === 'Ellipsis';
    if (!isNothing && !isDots) return false;
  }
  return true;
}

/** Whether a failing import is caught there, or happens only because another one failed. */
function isOptionalPlace(place: PythonPlace): boolean {
  const handlers = [...(place.tried?.handlers ?? []), ...(place.handler ? [place.handler] : [])];
  return handlers.some(
    ({ types }) =>
      types.length === 0 ||
      types.some((type) => /^(?:Import|ModuleNotFound)Error$|^(?:Base)?Exception$/.test(type)),
  );
}
