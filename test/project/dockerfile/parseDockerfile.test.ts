import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Answer } from '../../../server/src/project/answer';
import type {
  Dockerfile,
  RunInstruction,
  StageState,
} from '../../../server/src/project/dockerfile/dockerfile';
import { parseDockerfile } from '../../../server/src/project/dockerfile/parseDockerfile';
import { SourceText } from '../../../server/src/project/sourceText';

function read(...lines: string[]): Dockerfile {
  return parseDockerfile(new SourceText('Dockerfile', lines.join('\n')));
}

/** The value, or the state in angle brackets. */
function told(answer: Answer<unknown> | undefined): unknown {
  if (!answer) return undefined;
  return answer.state === 'known' ? answer.value : `<${answer.state}>`;
}

function end(file: Dockerfile): StageState {
  assert.ok(file.finalStage);
  return file.finalStage.end;
}

function env(file: Dockerfile): Readonly<Record<string, unknown>> {
  return Object.fromEntries([...end(file).env].map(([name, value]) => [name, told(value)]));
}

function runs(file: Dockerfile): readonly RunInstruction[] {
  return file.instructions.filter((instruction) => instruction.kind === 'run');
}

function programs(file: Dockerfile): readonly string[] {
  return runs(file).map((run) => run.script.commands.map((command) => command.program).join(' '));
}

describe('stages', () => {
  it('chain by name, in any case, and ship what the last one stands on', () => {
    const file = read('FROM python:3.12 AS Base', 'FROM busybox AS tools', 'FROM base', 'RUN a');
    assert.deepEqual(
      file.stages.map((stage) => [stage.name, stage.parent?.name, stage.shipped]),
      [
        ['base', undefined, true],
        ['tools', undefined, false],
        [undefined, 'base', true],
      ],
    );
    assert.equal(told(file.finalStage?.base) && file.finalStage?.base.state, 'known');
  });
  it('hand USER, WORKDIR, SHELL, ENV and ARG down to stages built from them', () => {
    const file = read(
      'FROM a AS base',
      'ARG MODE=fast',
      'ENV A=1',
      'WORKDIR /srv',
      'USER 1000:1000',
      'SHELL ["/bin/bash", "-c"]',
      'FROM base',
      'RUN x',
    );
    const [run] = runs(file);
    assert.deepEqual(
      [run?.before.user, run?.before.workdir, run?.interpreter, run?.before.args.get('MODE')].map(told),
      ['1000:1000', '/srv', 'bash', 'fast'],
    );
  });
  it('start afresh on a foreign image', () => {
    const file = read('FROM a', 'USER 5', 'ENV A=1', 'FROM b', 'RUN x');
    assert.equal(told(end(file).user), '<absent>');
    assert.equal(end(file).env.size, 0);
  });
  it('do not name each other by number in FROM', () => {
    const file = read('FROM a', 'FROM 0');
    assert.equal(file.finalStage?.parent, undefined);
  });
  it('read names and keywords in any case', () => {
    const file = read('from python:3.12 as X', 'user 7');
    assert.equal(file.finalStage?.name, 'x');
    assert.equal(told(end(file).user), '7');
  });
});

describe('variables', () => {
  it('of FROM come from global ARGs and their defaults', () => {
    const image = (...lines: string[]): unknown => {
      const base = read(...lines).finalStage?.base;
      return base?.state === 'known' ? base.value.text : base?.state;
    };
    assert.equal(image('ARG V=3.12', 'FROM python:${V}-slim'), 'python:3.12-slim');
    assert.equal(image('FROM ${BASE:-python:3.12}'), 'python:3.12');
    assert.equal(image('ARG BASE', 'FROM $BASE'), 'unknown');
    assert.equal(image('FROM $TARGETARCH/python'), 'unknown');
    assert.equal(read('ARG BASE', 'FROM $BASE').finalStage?.baseFromArgument, true);
  });
  it('reach a stage only when ARG names them there', () => {
    assert.deepEqual(env(read('ARG V=1', 'FROM a', 'ENV X=$V')), { X: '<unknown>' });
    assert.deepEqual(env(read('ARG V=1', 'FROM a', 'ARG V', 'ENV X=$V')), { X: '1' });
  });
  it('prefer ENV over ARG, whichever comes first', () => {
    assert.equal(told(end(read('FROM a', 'ARG U=1', 'ENV U=2', 'USER $U')).user), '2');
    assert.equal(told(end(read('FROM a', 'ENV U=2', 'ARG U=1', 'USER $U')).user), '2');
  });
  it('expand with the values before their own instruction', () => {
    assert.deepEqual(env(read('FROM a', 'ENV A=1', 'ENV A=2 B=$A')), { A: '2', B: '1' });
  });
  it('understand defaults and alternatives, and leave unknown what the base may set', () => {
    assert.deepEqual(env(read('FROM a', 'ARG E=', 'ENV A=${E:-x} B=${E-x} C=${E:+y} D=${Z:-x} F=/a:$PATH')), {
      A: 'x',
      B: '',
      C: '',
      D: '<unknown>',
      F: '<unknown>',
    });
  });
  it('of the old form of ENV take the rest of the line', () => {
    assert.deepEqual(env(read('FROM a', 'ENV FOO bar  baz')), { FOO: 'bar  baz' });
  });
  it('keep quotes, escapes and comments out of values', () => {
    assert.deepEqual(env(read('FROM a', 'ENV A="b c" B=d\\ e \\', '  # why', "  C='$A'")), {
      A: 'b c',
      B: 'd e',
      C: '$A',
    });
  });
});

describe('folders and users', () => {
  it('join a relative WORKDIR to the one before', () => {
    assert.equal(told(end(read('FROM a', 'WORKDIR /a', 'WORKDIR b/../c/')).workdir), '/a/c');
    assert.equal(told(end(read('FROM a', 'WORKDIR app')).workdir), '<unknown>');
    assert.equal(told(end(read('FROM scratch', 'WORKDIR app')).workdir), '/app');
  });
  it('remember where the last USER stands', () => {
    const file = read('FROM a', 'USER app', 'USER 10:20');
    const span = end(file).userSpan;
    assert.equal(span && file.source.slice(span), '10:20');
  });
});

describe('RUN', () => {
  it('is read across continuations, comments and blank lines', () => {
    assert.deepEqual(programs(read('FROM a', 'RUN a \\', '  # why', '', '  && b \\   ', '  && c')), [
      'a b c',
    ]);
  });
  it('is read with CRLF line ends and at the same offsets', () => {
    const file = parseDockerfile(
      new SourceText('Dockerfile', 'FROM a\r\nRUN a \\\r\n  && pip install x\r\n'),
    );
    const command = runs(file)[0]?.script.commands[1];
    assert.equal(command && file.source.slice(command.span), 'pip install x');
  });
  it('is read with the backtick as escape', () => {
    const file = read('# escape=`', 'FROM a', 'WORKDIR C:\\app', 'RUN a `', '  && b', 'COPY x C:\\y');
    assert.deepEqual(programs(file), ['a b']);
    assert.equal(told(end(file).workdir), 'C:\\app');
  });
  it('takes a here-document for its script, and strips nothing from offsets', () => {
    const file = read('FROM a', 'RUN <<-EOF', '\tset -e', '\tpip install x', '\tEOF', 'USER 5');
    assert.deepEqual(programs(file), ['set pip']);
    const command = runs(file)[0]?.script.commands[1];
    assert.equal(command && file.source.slice(command.span), 'pip install x');
    assert.equal(told(end(file).user), '5');
  });
  it('keeps the here-documents of several commands apart from its script', () => {
    const file = read('FROM a', 'RUN cat <<A > /x && cat <<"B"', 'USER 1', 'A', 'USER 2', 'B', 'USER 3');
    assert.deepEqual(programs(file), ['cat cat']);
    assert.equal(told(end(file).user), '3');
  });
  it('does not read a here-document of another interpreter as shell', () => {
    assert.deepEqual(programs(read('FROM a', 'RUN <<EOF', '#!/usr/bin/env python3', 'import x', 'EOF')), [
      '',
    ]);
  });
  it('sees no here-document in the JSON form', () => {
    assert.deepEqual(programs(read('FROM a', 'RUN ["sh", "-c", "cat <<EOF"]', 'RUN pip install y')), [
      'cat',
      'pip',
    ]);
  });
  it('reads the JSON form as a command, and the text of its sh -c', () => {
    assert.deepEqual(
      programs(read('FROM a', 'RUN ["pip", "install", "x"]', 'RUN ["/bin/bash", "-c", "a && b"]')),
      ['pip', 'a b'],
    );
  });
  it('knows its mounts, short names too', () => {
    const [run] = runs(
      read('FROM a', 'ARG D=/c', 'RUN --mount=type=cache,dst=$D --mount=source=.,target=/s x'),
    );
    assert.deepEqual(
      run?.mounts.map((mount) => [mount.type, mount.options.get('source'), mount.options.get('target')]),
      [
        ['cache', undefined, '/c'],
        ['bind', '.', '/s'],
      ],
    );
  });
  it('behind ONBUILD is marked, and changes no state', () => {
    const file = read('FROM a', 'ONBUILD RUN pip install x', 'ONBUILD USER 5');
    assert.deepEqual([runs(file)[0]?.onbuild, programs(file)], [true, ['pip']]);
    assert.equal(told(end(file).user), '<absent>');
  });
});

describe('COPY', () => {
  it('knows sources, destination and flags, in both forms', () => {
    const copies = read(
      'FROM a',
      'COPY --from=b --chown=1:2 x y /z/',
      'COPY ["a b", "c"]',
    ).instructions.filter((instruction) => instruction.kind === 'copy');
    assert.deepEqual(
      copies.map((copy) => [
        copy.sources.map((word) => told(word.value)),
        told(copy.destination?.value),
        told(copy.from?.value),
      ]),
      [
        [['x', 'y'], '/z/', 'b'],
        [['a b'], 'c', undefined],
      ],
    );
  });
  it('of a here-document has no source in the context', () => {
    const file = read('FROM a', 'COPY <<EOF /x', 'RUN not run', 'EOF', 'RUN b');
    assert.deepEqual(programs(file), ['b']);
    const [copy] = file.instructions.filter((instruction) => instruction.kind === 'copy');
    assert.deepEqual([copy?.sources.length, told(copy?.destination?.value)], [0, '/x']);
  });
});

describe('CMD and ENTRYPOINT', () => {
  it('in a stage reset the CMD it inherited, unless it sets its own', () => {
    const base = ['FROM a AS base', 'CMD ["x"]', 'FROM base'];
    assert.equal(read(...base).finalStage?.cmd?.command.words.length, 1);
    assert.equal(read(...base, 'ENTRYPOINT ["y"]').finalStage?.cmd, undefined);
  });
});

describe('a broken file', () => {
  it('is read as far as it goes', () => {
    assert.equal(read('').finalStage, undefined);
    assert.equal(read('RUN x').stages.length, 0);
    assert.deepEqual(programs(read('FROM', 'RUN a', 'BOGUS x', 'COPY a', 'RUN <<EOF', 'b')), ['a', 'b']);
  });
});
