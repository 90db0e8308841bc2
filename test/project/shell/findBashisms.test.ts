import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { noVariables, parseShell } from '../../../server/src/project/shell/parseShell';

/** `kind text` of each, in order. */
function bashisms(text: string): readonly string[] {
  return parseShell(text, 0, noVariables).bashisms.map(
    ({ kind, span }) => `${kind} ${text.slice(span.start, span.end)}`,
  );
}

describe('findBashisms', () => {
  it('names each construct that bash adds, at its own place', () => {
    const cases: Readonly<Record<string, readonly string[]>> = {
      '[[ -f x ]]': ['double-bracket [['],
      'rm -rf /a/{b,c}': ['brace-expansion {b,c}'],
      'for i in {1..3}; do a; done': ['brace-expansion {1..3}'],
      'a &> f': ['and-redirect &>'],
      'a |& b |& c': ['pipe-and |&', 'pipe-and |&'],
      'source f': ['source source'],
      'a=(1 2)': ['array (1 2)'],
      'a <(b)': ['process-substitution <(b)'],
      'a <<< b': ['here-string <<< b'],
      "a $'b'": ["ansi-c-quote $'b'"],
      'function f { a; }': ['function-keyword function'],
      '[ a == b ]': ['double-equals =='],
      'set -eo pipefail': ['pipefail set -eo pipefail'],
      'a ${x/b/c} ${x:1:2}': ['substring ${x/b/c}', 'substring ${x:1:2}'],
      'a ${x^^} ${!x} ${x[0]}': ['substitution ${x^^}', 'substitution ${!x}', 'substitution ${x[0]}'],
      '((x))': ['arithmetic-command (('],
      'x+=1': ['append x+=1'],
      'echo -e a': ['echo-e -e'],
      'let x=1; shopt -s y': ['let let', 'builtin shopt'],
    };
    for (const [text, expected] of Object.entries(cases)) assert.deepEqual(bashisms(text), expected, text);
  });

  it('leaves alone what a POSIX shell has, and braces that bash does not expand', () => {
    for (const text of [
      '[ a = b ]',
      'X={a,b} c',
      'a "{b,c}"',
      'f() { a; }',
      'a ${x:-b} ${x%y} $((1+2))',
      '. f',
      'a > f 2>&1',
    ])
      assert.deepEqual(bashisms(text), [], text);
  });
});
