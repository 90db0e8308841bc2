import {
  type Assignment as AstAssignment,
  type Command as AstCommand,
  type CompoundList,
  forEachChild,
  parse,
  type ParsedScript,
  type Redirection as AstRedirection,
  type Statement,
  type SyntaxNode,
} from 'unbash';
import { type Answer, absent, unknown } from '../answer';
import type { Span } from '../span';
import { findBashisms } from './findBashisms';
import type {
  Connector,
  Redirection,
  ShellAssignment,
  ShellCommand,
  ShellScript,
  ShellWord,
} from './shellScript';
import { type ShellLookup, shellWord } from './shellWord';
import { withoutWrappers } from './wrapperCommands';

/** Where a command stands while the tree is walked. */
interface Place {
  readonly connector: Connector;
  readonly pipesInto: boolean;
  readonly conditional: boolean;
  readonly nested: boolean;
  readonly statement: number;
}

/** Nested `sh -c 'sh -c ...'` deeper than this is left unread. */
const deepestShell = 4;

const shellProgram = /^(ba|da|a|z)?sh$/;

/**
 * Reads shell text into its commands. The only importer of unbash. Never throws. `text` must be as long as the
 * file's text at `offset` (see `logicalText`), so that offsets stay 1:1. `lookup` gives variables the script does
 * not set itself (ENV, ARG).
 */
export function parseShell(text: string, offset: number, lookup: ShellLookup, depth = 0): ShellScript {
  const script = parseTolerantly(text);
  const reader = new CommandReader(text, offset, lookup, depth);
  reader.readScript(script);
  const error = script.errors?.[0];
  return {
    span: { start: offset, end: offset + text.length },
    commands: reader.commands,
    bashisms: depth === 0 ? findBashisms(script, text, offset) : [],
    syntaxError: error && { offset: offset + error.pos, message: error.message },
    errexitFrom: reader.errexitFrom,
    statements: script.commands.length,
  };
}

function parseTolerantly(text: string): ParsedScript {
  try {
    // The carriage return of a Windows line end is no part of a word; a blank keeps the offsets.
    return parse(text.replaceAll('\r\n', ' \n'));
  } catch {
    return { type: 'Script', pos: 0, end: text.length, shebang: undefined, commands: [] };
  }
}

class CommandReader {
  readonly commands: ShellCommand[] = [];
  errexitFrom: number | undefined;
  private readonly constants = new Map<string, Answer<string>>();

  constructor(
    private readonly text: string,
    private readonly offset: number,
    private readonly outer: ShellLookup,
    private readonly depth: number,
  ) {}

  readScript(script: ParsedScript): void {
    for (const [index, statement] of script.commands.entries()) {
      this.readStatement(statement, {
        connector: index === 0 ? 'first' : ';',
        pipesInto: false,
        conditional: false,
        nested: false,
        statement: index,
      });
    }
  }

  private readonly lookup: ShellLookup = (name) => this.constants.get(name) ?? this.outer(name);

  private readList(list: CompoundList, place: Place): void {
    for (const [index, statement] of list.commands.entries()) {
      this.readStatement(statement, index === 0 ? place : { ...place, connector: ';' });
    }
  }

  private readStatement(statement: Statement, place: Place): void {
    this.readNode(statement.command, place);
  }

  private readNode(node: SyntaxNode, place: Place): void {
    switch (node.type) {
      case 'AndOr':
        for (const [index, child] of node.commands.entries()) {
          const operator = index === 0 ? undefined : node.operators[index - 1];
          const conditional = place.conditional || node.operators.slice(0, index).includes('||');
          this.readNode(child, { ...place, connector: operator ?? place.connector, conditional });
        }
        return;
      case 'Pipeline':
        for (const [index, child] of node.commands.entries()) {
          this.readNode(child, {
            ...place,
            connector: index === 0 ? place.connector : '|',
            pipesInto: index < node.commands.length - 1,
          });
        }
        return;
      case 'Command':
        this.readCommand(node, place);
        return;
      case 'Redirected':
        this.readNode(node.command, place);
        for (const redirect of node.redirects) this.readSubstitutions(redirect, place);
        return;
      case 'If':
        this.readList(node.clause, place);
        this.readList(node.then, { ...place, conditional: true });
        for (const branch of node.elif) {
          this.readList(branch.clause, { ...place, conditional: true });
          this.readList(branch.then, { ...place, conditional: true });
        }
        if (node.else) this.readList(node.else, { ...place, conditional: true });
        return;
      case 'For':
      case 'Select':
        this.constants.set(node.name.value, unknown);
        this.readList(node.body, place);
        return;
      case 'While':
        this.readList(node.clause, place);
        this.readList(node.body, { ...place, conditional: true });
        return;
      case 'Case':
        for (const item of node.items) this.readList(item.body, { ...place, conditional: true });
        return;
      case 'Function':
        this.readNode(node.body, { ...place, conditional: true });
        return;
      case 'CompoundList':
        this.readList(node, place);
        return;
      case 'Subshell':
        this.readList(node.body, { ...place, nested: true });
        return;
      case 'BraceGroup':
        this.readList(node.body, place);
        return;
      default:
        forEachChild(node, (child) => this.readNode(child, place));
    }
  }

  private readCommand(node: AstCommand, place: Place): void {
    this.readSubstitutions(node, place);
    const assignments = node.prefix
      .filter((part) => part.type === 'Assignment')
      .map((part) => this.assignment(part));
    if (!node.name) {
      for (const { name, value } of assignments)
        this.constants.set(name, place.conditional ? unknown : value);
      return;
    }
    const words = [shellWord(node.name, this.offset, this.lookup)];
    for (const argument of node.args) {
      words.push(
        argument.type === 'Word'
          ? shellWord(argument, this.offset, this.lookup)
          : this.assignmentWord(argument),
      );
      if (argument.type === 'Assignment') this.constants.set(argument.name, unknown);
    }
    const { wrappers, name, rest } = withoutWrappers(words);
    const program = programOf(name);
    if (program === 'set' && setsErrexit(rest)) this.errexitFrom ??= place.statement;
    if (program === 'export') this.exportConstants(rest);
    if (program === 'read' || program === 'unset')
      for (const word of rest)
        if (word.value.state === 'known') this.constants.set(word.value.value, unknown);
    this.commands.push({
      span: { start: this.offset + node.pos, end: this.offset + node.end },
      name,
      program,
      words: rest,
      wrappers,
      assignments,
      redirections: node.redirects.map((redirect) => this.redirection(redirect)),
      ...place,
    });
    this.readNestedShell(program, rest, place);
    if (shellProgram.test(program)) this.readShellInput(node, rest, place);
  }

  private exportConstants(words: readonly ShellWord[]): void {
    for (const word of words) {
      const match =
        word.value.state === 'known' ? /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(word.value.value) : undefined;
      if (match?.[1]) this.constants.set(match[1], { state: 'known', value: match[2] ?? '' });
    }
  }

  /** `bash <<EOF`: the here-document is a script of its own. */
  private readShellInput(node: AstCommand, words: readonly ShellWord[], place: Place): void {
    const readsInput = words.every((word) => word.raw.startsWith('-') && !/^-\w*c/.test(word.raw));
    const input = node.redirects.find((redirect) => redirect.type === 'HereDoc');
    if (this.depth >= deepestShell || !readsInput || input?.type !== 'HereDoc') return;
    const { pos, end } = input.body;
    this.addNested(
      parseShell(this.text.slice(pos, end), this.offset + pos, this.lookup, this.depth + 1),
      place,
    );
  }

  /** `sh -c 'text'`: the text is a script of its own. */
  private readNestedShell(program: string, words: readonly ShellWord[], place: Place): void {
    if (this.depth >= deepestShell || !shellProgram.test(program)) return;
    const at = words.findIndex(
      (word) => word.value.state === 'known' && /^-[a-z]*c[a-z]*$/.test(word.value.value),
    );
    const text = at === -1 ? undefined : words[at + 1];
    if (!text || text.raw.includes('\\') || !/^(['"])[\s\S]*\1$/.test(text.raw)) return;
    this.addNested(
      parseShell(text.raw.slice(1, -1), text.span.start + 1, this.lookup, this.depth + 1),
      place,
    );
  }

  private addNested(inner: ShellScript, place: Place): void {
    for (const command of inner.commands) {
      this.commands.push({
        ...command,
        nested: true,
        conditional: command.conditional || place.conditional,
        statement: place.statement,
      });
    }
  }

  private readSubstitutions(node: SyntaxNode, place: Place): void {
    forEachChild(node, (child) => {
      if (child.type === 'Script') {
        for (const statement of child.commands)
          this.readStatement(statement, { ...place, nested: true, connector: 'first', pipesInto: false });
      } else if (child.type !== 'Command') {
        this.readSubstitutions(child, place);
      }
    });
  }

  private assignment(node: AstAssignment): ShellAssignment {
    const value =
      node.value.type === 'Word' && !node.append && !node.index
        ? shellWord(node.value, this.offset, this.lookup).value
        : unknown;
    return { name: node.name, span: this.spanOf(node), value };
  }

  private assignmentWord(node: AstAssignment): ShellWord {
    const { value } = this.assignment(node);
    return {
      span: this.spanOf(node),
      raw: node.text,
      value: value.state === 'known' ? { state: 'known', value: `${node.name}=${value.value}` } : unknown,
      hasGlob: false,
      hasBraces: false,
      variables: [],
    };
  }

  private redirection(node: AstRedirection): Redirection {
    const target =
      node.type === 'HereDoc' || !node.target ? undefined : shellWord(node.target, this.offset, this.lookup);
    const bodySpan = node.type === 'HereDoc' ? this.spanOf(node.body) : undefined;
    return { span: this.spanOf(node), operator: node.operator, target, bodySpan };
  }

  private spanOf(node: { readonly pos: number; readonly end: number }): Span {
    return { start: this.offset + node.pos, end: this.offset + node.end };
  }
}

/** The last path part; `$VENV/bin/pip` is pip wherever the folder is. */
function programOf(name: ShellWord): string {
  if (name.value.state !== 'known') return /\/([\w.+-]+)["']?$/.exec(name.raw)?.[1] ?? '';
  const path = name.value.value;
  return path.slice(path.lastIndexOf('/') + 1);
}

function setsErrexit(words: readonly ShellWord[]): boolean {
  return words.some((word, index) => {
    if (word.value.state !== 'known') return false;
    const before = words[index - 1];
    const afterDashO = before?.value.state === 'known' && /^-[a-z]*o$/.test(before.value.value);
    return /^-[a-z]*e[a-z]*$/.test(word.value.value) || (afterDashO && word.value.value === 'errexit');
  });
}

/** Lookup for text that knows no outer variables. */
export const noVariables: ShellLookup = () => absent;
