import type { ImportNames } from './importNames';
import type {
  PlacedText,
  PythonArgument,
  PythonAssignment,
  PythonCall,
  PythonFunction,
  PythonPlace,
  PythonSubscript,
  PythonValue,
} from './pythonModule';
import { pythonText, unescapedPython } from './pythonString';
import { childExpressions, deepest, isExpression, type SyntaxNode, spanOf } from './pythonSyntax';

/** A callee of more parts says nothing to anyone. */
const longestPath = 32;

/** Reads expressions, and keeps every call, string constant, subscript and assignment it meets on the way. */
export class PythonValues {
  readonly calls: PythonCall[] = [];
  readonly assignments: PythonAssignment[] = [];
  readonly texts: PlacedText[] = [];
  readonly subscripts: PythonSubscript[] = [];
  readonly yielding = new Set<PythonFunction>();
  private depth = 0;

  constructor(
    private readonly text: string,
    private readonly names: ImportNames,
  ) {}

  value(node: SyntaxNode, place: PythonPlace): PythonValue {
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

  call(node: SyntaxNode, place: PythonPlace, awaited: boolean): PythonCall {
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

  argumentsOf(list: SyntaxNode | null, place: PythonPlace): PythonArgument[] {
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
  pathOf(node: SyntaxNode, place: PythonPlace): string {
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
  resolve(node: SyntaxNode, place: PythonPlace): string {
    const name = this.slice(node);
    for (let inside = place.function; inside; inside = inside.place.function) {
      if (inside.parameters.some((parameter) => parameter.name === name)) return name;
    }
    return this.names.resolve(name);
  }

  assign(
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

  private slice(node: SyntaxNode): string {
    return this.text.slice(node.from, node.to);
  }
}

function literalOf(raw: string): string {
  return unescapedPython(raw.replace(/\{\{/g, '{').replace(/\}\}/g, '}'));
}
