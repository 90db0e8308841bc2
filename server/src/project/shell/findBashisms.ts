import { forEachChild, type ParsedScript, type SyntaxNode, type Word } from 'unbash';
import type { Bashism } from './shellScript';

/** Commands that are part of bash and neither of dash nor of busybox ash (both run to see). */
const bashCommands = new Set(['declare', 'mapfile', 'popd', 'pushd', 'readarray', 'shopt', 'typeset']);

/**
 * Finds syntax that bash accepts and a POSIX shell (dash, the `sh` of Debian and Ubuntu) refuses or, worse,
 * takes for something else. `offset` is where `text` stands in the file. Facts: POSIX.1-2024 Shell Command Language; dash(1).
 */
export function findBashisms(script: ParsedScript, text: string, offset: number): readonly Bashism[] {
  const found: Bashism[] = [];
  const add = (kind: Bashism['kind'], pos: number, end: number): void => {
    found.push({ kind, span: { start: offset + pos, end: offset + end } });
  };
  const addBraces = (word: Word): void => {
    for (const part of word.parts ?? [])
      if (part.type === 'BraceExpansion') add('brace-expansion', part.pos, part.end);
  };
  const visit = (node: SyntaxNode): void => {
    switch (node.type) {
      case 'TestCommand':
        add('double-bracket', node.pos, node.pos + 2);
        break;
      case 'For':
        for (const word of node.wordlist ?? []) addBraces(word);
        break;
      case 'Function':
        if (node.pos < node.name.pos) add('function-keyword', node.pos, node.pos + 'function'.length);
        break;
      case 'ArithmeticCommand':
        add('arithmetic-command', node.pos, node.pos + 2);
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
        for (const [index, operator] of node.operators.entries()) {
          const at = operator === '|&' ? text.indexOf('|&', node.commands[index]?.end) : -1;
          if (at !== -1) add('pipe-and', at, at + 2);
        }
        break;
      case 'ParameterExpansion':
        if (node.operation?.type === 'Replace' || node.operation?.type === 'Slice')
          add('substring', node.pos, node.end);
        else if (
          node.index ||
          node.prefix === '!' ||
          node.operation?.type === 'CaseModification' ||
          node.operation?.type === 'Transform'
        )
          add('substitution', node.pos, node.end);
        break;
      case 'Command': {
        const name = node.name?.value;
        const first = node.args[0];
        if (node.name) addBraces(node.name);
        for (const word of node.args) if (word.type === 'Word') addBraces(word);
        for (const part of node.prefix)
          if (part.type === 'Assignment' && part.append && part.value.type === 'Word')
            add('append', part.pos, part.end);
        if (name === 'let' && node.name) add('let', node.name.pos, node.name.end);
        if (node.name && bashCommands.has(name ?? '')) add('builtin', node.name.pos, node.name.end);
        if (name === 'echo' && first?.type === 'Word' && /^-[neE]*e[neE]*$/.test(first.text))
          add('echo-e', first.pos, first.end);
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
