import { DockerfileParser } from 'dockerfile-ast';
import type { Heredoc as AstHeredoc } from 'dockerfile-ast/lib/heredoc';
import type { Instruction as AstInstruction } from 'dockerfile-ast/lib/instruction';
import type { SourceText } from '../sourceText';
import type { Span } from '../span';

/** A here-document as the Dockerfile sees it. */
export interface Heredoc {
  readonly name: string;
  /** `<<EOF` with its quotes and dash. */
  readonly operatorSpan: Span;
  /** The lines between operator and delimiter, without the last line end; empty when there are none. */
  readonly bodySpan: Span;
  /** Quoted delimiters switch variable expansion off. */
  readonly quoted: boolean;
  /** `<<-` strips leading tabs. */
  readonly stripsTabs: boolean;
}

export interface Comment {
  readonly span: Span;
  /** Text after `#`, trimmed. */
  readonly text: string;
}

export interface Directive {
  readonly name: string;
  readonly value: string;
}

/** One instruction cut out of the file, before its words are read. */
export interface InstructionPiece {
  /** Upper case. */
  readonly keyword: string;
  readonly span: Span;
  readonly keywordSpan: Span;
  /** From the first character after the keyword to the end of the instruction, here-document bodies included. */
  readonly argumentsSpan: Span;
  readonly heredocs: readonly Heredoc[];
}

export interface SplitDockerfile {
  readonly escape: '\\' | '`';
  readonly directives: readonly Directive[];
  readonly comments: readonly Comment[];
  readonly pieces: readonly InstructionPiece[];
}

const jsonFormLine =
  /^[ \t]*(?:ONBUILD[ \t]+)?(?:RUN|COPY|ADD|CMD|ENTRYPOINT|SHELL|VOLUME)[ \t]+(?:--\S+[ \t]+)*\[.*<<.*$/gim;

/**
 * dockerfile-ast looks for here-documents inside the JSON form, which BuildKit never does, and swallows the rest
 * of the file; and it ends a line at a lone carriage return. Both are blanked by as many characters.
 */
function readableText(text: string): string {
  const withoutJsonHeredocs = text.replace(jsonFormLine, (line) => line.replaceAll('<<', '__'));
  return withoutJsonHeredocs.replace(/\r(?!\n)/g, ' ');
}

/** Cuts a Dockerfile into instructions. Never throws. */
export function splitInstructions(source: SourceText): SplitDockerfile {
  const lineStarts = [0];
  const text = readableText(source.text);
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lineStarts.push(at + 1);
  const spanOf = (range: ReturnType<AstInstruction['getRange']>): Span => ({
    start: (lineStarts[range.start.line] ?? text.length) + range.start.character,
    end: (lineStarts[range.end.line] ?? text.length) + range.end.character,
  });
  const heredocOf = (heredoc: AstHeredoc): Heredoc => {
    const operatorSpan = spanOf(heredoc.getStartRange());
    const content = heredoc.getContentRange();
    const operator = text.slice(operatorSpan.start, operatorSpan.end);
    return {
      name: heredoc.getName(),
      operatorSpan,
      bodySpan: content ? spanOf(content) : { start: operatorSpan.end, end: operatorSpan.end },
      quoted: /["']/.test(operator),
      stripsTabs: operator.startsWith('<<-'),
    };
  };
  const ast = DockerfileParser.parse(text);
  const pieces = ast.getInstructions().map((instruction): InstructionPiece => {
    const span = spanOf(instruction.getRange());
    const keywordSpan = spanOf(instruction.getInstructionRange());
    return {
      keyword: instruction.getKeyword().toUpperCase(),
      span,
      keywordSpan,
      argumentsSpan: { start: keywordSpan.end, end: span.end },
      // Reading here-documents costs as much as parsing; most instructions have none.
      heredocs: text.slice(span.start, span.end).includes('<<') ? heredocsOf(instruction).map(heredocOf) : [],
    };
  });
  return {
    escape: ast.getEscapeCharacter() === '`' ? '`' : '\\',
    directives: ast.getDirectives().map((directive) => ({
      name: directive.getName().toLowerCase(),
      value: directive.getValue(),
    })),
    comments: ast.getComments().map((comment) => {
      const span = spanOf(comment.getRange());
      return { span, text: source.slice(span).replace(/^#/, '').trim() };
    }),
    pieces,
  };
}

function heredocsOf(instruction: AstInstruction): readonly AstHeredoc[] {
  const owner = 'getTriggerInstruction' in instruction ? triggerOf(instruction) : instruction;
  if (!owner || !('getHeredocs' in owner)) return [];
  return (owner as unknown as { getHeredocs(): AstHeredoc[] }).getHeredocs();
}

function triggerOf(instruction: AstInstruction): AstInstruction | null {
  return (
    instruction as unknown as { getTriggerInstruction(): AstInstruction | null }
  ).getTriggerInstruction();
}
