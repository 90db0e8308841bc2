import { parser } from '@lezer/python';
import type { Span } from '../span';

export type SyntaxNode = ReturnType<typeof parser.parse>['topNode'];

/** Deeper nesting is left unread. Python's own parser stops at 100 blocks and 200 parentheses. */
export const deepest = 250;

/**
 * The parser takes 0.15 to 0.25 steps for each character of a program, and up to 1 of text that is none, each
 * ten times as slow. After that many steps what follows is left unread.
 */
const mostSteps = 65_000;

/** The tree of a text, or of its start. Broken code has error nodes in it. */
export function parsePython(text: string): SyntaxNode {
  const parse = parser.startParse(text);
  for (let steps = 0; ; steps++) {
    if (steps === mostSteps) parse.stopAt(Math.min(text.length, parse.parsedPos));
    const tree = parse.advance();
    if (tree) return tree.topNode;
  }
}

export function spanOf(node: SyntaxNode): Span {
  return { start: node.from, end: node.to };
}

export function isStatement(node: SyntaxNode): boolean {
  return node.name.endsWith('Statement') || node.name.endsWith('Definition');
}

export function isExpression(node: SyntaxNode): boolean {
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

export function childExpressions(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling)
    if (isExpression(child)) found.push(child);
  return found;
}

export function isEmptyBody(body: SyntaxNode): boolean {
  for (let child = body.firstChild; child; child = child.nextSibling) {
    const isNothing = child.name === ':' || child.name === 'PassStatement' || child.name === 'Comment';
    const isDots = child.name === 'ExpressionStatement' && child.firstChild?.name === 'Ellipsis';
    if (!isNothing && !isDots) return false;
  }
  return true;
}
