import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { noVariables, parseShell } from '../../../server/src/project/shell/parseShell';

/** Programs in order: `?` under a condition, `()` in a subshell or nested script, the wrappers before `<`. */
function programs(text: string): string {
  return parseShell(text, 0, noVariables)
    .commands.map((command) => {
      const wrapped = command.wrappers.map((word) => `${word.raw}<`).join('');
      const name = `${wrapped}${command.program}${command.conditional ? '?' : ''}`;
      return command.nested ? `(${name})` : name;
    })
    .join(' ');
}

describe('parseShell', () => {
  it('finds commands in lists, pipelines, loops and substitutions', () => {
    assert.equal(programs('a && b | c; for x in 1 2; do d $x; done; e "$(f)"'), 'a b c d (f) e');
  });
  it('marks what may not run', () => {
    assert.equal(programs('if a; then b; else c; fi; d || e; while f; do g; done'), 'a b? c? d e? f g?');
    assert.equal(programs('case $x in 1) a;; esac; fn() { b; }; c'), 'a? b? c');
  });
  it('takes wrappers off', () => {
    assert.equal(
      programs('sudo -E apt-get update; timeout 30 curl x; exec env A=1 b'),
      'sudo<apt-get timeout<curl exec<env<b',
    );
    assert.equal(
      programs('poetry run pip x; conda run -n env pip x; uv run --frozen pip x'),
      'poetry<pip conda<pip uv<pip',
    );
    assert.equal(programs('uv sync; conda install x'), 'uv conda');
  });
  it('reads the text of sh -c and the here-document of bash', () => {
    assert.equal(programs("bash -c 'a && b'; c"), 'bash (a) (b) c');
    assert.equal(programs('bash -e <<EOF\na\nb\nEOF\n'), 'bash (a) (b)');
    assert.equal(programs('bash install.sh <<EOF\na\nEOF\n'), 'bash');
  });
  it('names a program in an unknown folder, and none for an unknown name', () => {
    assert.equal(programs('$VENV/bin/pip x; "${A}/bin/python3" y'), 'pip python3');
    assert.equal(parseShell('$TOOL x', 0, noVariables).commands[0]?.program, '');
  });
  it('keeps Windows line ends out of words', () => {
    const script = parseShell('set -e\r\nmake all\r\n', 0, noVariables);
    assert.equal(script.errexitFrom, 0);
    assert.deepEqual(
      script.commands[1]?.words.map((word) => word.raw),
      ['all'],
    );
  });
  it('reads what can be read of broken text', () => {
    assert.equal(programs('a && b "unclosed'), 'a b');
    assert.equal(parseShell('if a; then', 0, noVariables).syntaxError !== undefined, true);
  });
});
