import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { known } from '../../../server/src/project/answer';
import { readArguments } from '../../../server/src/project/shell/commandArguments';
import { parseShell } from '../../../server/src/project/shell/parseShell';

/** Options as `name=value@text of the value's own span`, then the operands. */
function read(command: string, ...takesValue: string[]): readonly string[] {
  const script = parseShell(command, 0, (name) => (name === 'KNOWN' ? known('v') : { state: 'absent' }));
  const { options, operands } = readArguments(script.commands[0]?.words ?? [], new Set(takesValue));
  return [
    ...options.map(({ name, value, valueWord }) =>
      valueWord ? `${name}=${value ?? '?'}@${command.slice(valueWord.span.start, valueWord.span.end)}` : name,
    ),
    ...operands.map((word) => word.raw),
  ];
}

describe('readArguments', () => {
  it('takes the next word only for options known to take one', () => {
    assert.deepEqual(read('x -r file -y pkg', '-r'), ['-r=file@file', '-y', 'pkg']);
    assert.deepEqual(read('x --root-dir / pkg'), ['--root-dir', '/', 'pkg']);
  });
  it('points at the value behind an equals sign', () => {
    assert.deepEqual(read('x --file=a.txt -q=2'), ['--file=a.txt@a.txt', '-q=2@2']);
  });
  it('takes bundled letters apart, a value at their end or in the next word', () => {
    assert.deepEqual(read('x -qq'), ['-q', '-q']);
    assert.deepEqual(read('x -ra.txt b', '-r'), ['-r=a.txt@a.txt', 'b']);
    assert.deepEqual(read('x -yt sid pkg', '-t'), ['-y', '-t=sid@sid', 'pkg']);
  });
  it('takes every word behind two dashes for an operand', () => {
    assert.deepEqual(read('x -a -- -b c'), ['-a', '-b', 'c']);
  });
  it('keeps an option whose value nobody knows, without a value', () => {
    assert.deepEqual(read('x --index-url=$URL -r "$FILE"', '-r'), ['--index-url=?@$URL', '-r=?@"$FILE"']);
    assert.deepEqual(read('x "--index-url=$URL"'), ['--index-url=?@"--index-url=$URL"']);
  });
  it('puts known variables in', () => {
    assert.deepEqual(read('x --file=$KNOWN -r ${KNOWN}', '-r'), ['--file=v@$KNOWN', '-r=v@${KNOWN}']);
  });
  it('takes an unknown word for an operand', () => {
    assert.deepEqual(read('x $OPTS pkg'), ['$OPTS', 'pkg']);
  });
});
