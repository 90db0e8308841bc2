import { forEachChild, type ParsedScript, type SyntaxNode } from 'unbash';
import type { Bashism } from './shellScript';

/**
 * Finds syntax that bash accepts and a POSIX shell (dash, the `sh` of Debian and Ubuntu) refuses or, worse,
 * takes for something else. Facts: POSIX.1-2024 Shell Command Language; dash(1).
 */
export function findBashisms(script: ParsedScript, offset: number): readonly Bashism[] {
  const found: Bashism[] = [];
  const add = (kind: Bashism['kind'], pos: number, end: number): void => {
    found.push({ kind, span: { start: offset + pos, end: offset + end } });
  };
  const visit = (node: SyntaxNode): void => {
    switch (node.type) {
      case 'TestCommand':
        add('double-bracket', node.pos, node.pos + 2);
        break;
      case 'BraceExpansion':
        add('brace-expansion', node.pos, node.end);
        break;
      case 'ProcessSubstitution':
        add('process-substitution', node.pos, node.end);
        break;
      case 'HereString':
        add('here-string', node.pos, node.end);
        break;
      case 'AnsiCQuoted':
        add('ansi-c-quote', node.pos, node.end);
        break;
      case 'ArrayValue':
        add('array', node.pos, node.end);
        break;
      case 'ArithmeticFor':
        add('arithmetic-for', node.pos, node.pos + 3);
        break;
      case 'Redirect':
        if (node.operator === '&>' || node.operator === '&>>')
          add('and-redirect', node.pos, node.pos + node.operator.length);
        break;
      case 'Pipeline':
        if (node.operators.includes('|&')) add('pipe-and', node.pos, node.end);
        break;
      case 'ParameterExpansion':
        if (
          node.index ||
          ['Replace', 'Slice', 'CaseModification', 'Transform'].includes(node.operation?.type ?? '')
        )
          add('substitution', node.pos, node.end);
        break;
      case 'Command': {
        const name = node.name?.value;
        const first = node.args[0];
        if (name === 'source' && node.name) add('source', node.name.pos, node.name.end);
        if (name === 'set' && node.args.some((word) => word.type === 'Word' && word.value === 'pipefail'))
          add('pipefail', node.pos, node.end);
        if ((name === '[' || name === 'test') && first) {
          for (const word of node.args)
            if (word.type === 'Word' && word.text === '==') add('double-equals', word.pos, word.end);
        }
        break;
      }
      default:
        break;
    }
    forEachChild(node, visit);
  };
  visit(script);
  return found;
}
