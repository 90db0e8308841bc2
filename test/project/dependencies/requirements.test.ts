import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Requirement } from '../../../server/src/project/dependencies/requirement';
import {
  readRequirements,
  type RequirementsEntry,
} from '../../../server/src/project/dependencies/requirements';
import { requirementsClosure } from '../../../server/src/project/dependencies/requirementsClosure';
import type { Span } from '../../../server/src/project/span';

function entries(text: string): readonly RequirementsEntry[] {
  return readRequirements(text).entries;
}

function requirements(text: string): Requirement[] {
  return entries(text).flatMap((entry) => (entry.kind === 'requirement' ? [entry.requirement] : []));
}

function one(line: string): Requirement {
  const [first, ...rest] = requirements(line);
  assert.ok(first, `no requirement in ${line}: ${JSON.stringify(entries(line))}`);
  assert.equal(rest.length, 0);
  return first;
}

function cut(text: string, span: Span | undefined): string | undefined {
  return span && text.slice(span.start, span.end);
}

describe('a requirement', () => {
  it('has its name, its version and where both stand', () => {
    const text = '\nPillow_SIMD==9.0.0.post1\n';
    const read = one(text);
    assert.equal(read.name, 'pillow-simd');
    assert.equal(read.nameAsWritten, 'Pillow_SIMD');
    assert.equal(cut(text, read.nameSpan), 'Pillow_SIMD');
    assert.deepEqual(read.version, { state: 'known', value: '9.0.0.post1' });
    assert.equal(cut(text, read.specifier?.clauses[0]?.versionSpan), '9.0.0.post1');
    assert.equal(cut(text, read.specifier?.span), '==9.0.0.post1');
  });

  it('has extras, several clauses and a marker', () => {
    const text = 'uvicorn [Standard, watch_files] >= 0.30 , < 1 ; python_version >= "3.9" # server';
    const read = one(text);
    assert.deepEqual(
      read.extras.map((extra) => [extra.name, cut(text, extra.span)]),
      [
        ['standard', 'Standard'],
        ['watch-files', 'watch_files'],
      ],
    );
    assert.equal(read.specifier?.text, '>=0.30,<1');
    assert.equal(read.version.state, 'absent');
    assert.equal(cut(text, read.marker?.span), 'python_version >= "3.9"');
    assert.equal(
      cut(text, read.span),
      'uvicorn [Standard, watch_files] >= 0.30 , < 1 ; python_version >= "3.9"',
    );
  });

  for (const [line, name, version] of [
    ['numpy', 'numpy', undefined],
    ['numpy ==1.26.*', 'numpy', undefined],
    ['numpy~=1.26.4', 'numpy', undefined],
    ['numpy (>=1.2,<2)', 'numpy', undefined],
    ['numpy===1.26.4-custom', 'numpy', '1.26.4-custom'],
    ['torch==2.7.0+cu126', 'torch', '2.7.0+cu126'],
    ['torch\t==\t2.7.0', 'torch', '2.7.0'],
    ['numpy>=1.2,', 'numpy', undefined],
    ['zope.interface!=5.0', 'zope-interface', undefined],
    ['x', 'x', undefined],
  ] as const) {
    it(`reads ${JSON.stringify(line)}`, () => {
      const read = one(line);
      assert.equal(read.name, name);
      assert.deepEqual(
        read.version,
        version === undefined ? { state: 'absent' } : { state: 'known', value: version },
      );
    });
  }

  it('from a wheel URL has the name and version of the file', () => {
    const read = one('https://host/whl/torch-2.7.0%2Bcpu-cp311-cp311-linux_x86_64.whl#sha256=abc');
    assert.equal(read.name, 'torch');
    assert.deepEqual(read.version, { state: 'known', value: '2.7.0+cpu' });
    assert.equal(read.source?.kind, 'archive');
  });

  it('named before @ has its URL as source', () => {
    const text =
      'flash-attn @ https://host/flash_attn-2.7.0-cp311-cp311-linux_x86_64.whl ; sys_platform == "linux"';
    const read = one(text);
    assert.equal(read.name, 'flash-attn');
    assert.equal(cut(text, read.source?.span), 'https://host/flash_attn-2.7.0-cp311-cp311-linux_x86_64.whl');
    assert.ok(read.marker);
  });

  it('from git says whether the revision is a commit', () => {
    const commit = 'a'.repeat(40);
    const pinned = one(`git+https://user@github.com/org/repo.git@${commit}#egg=Repo&subdirectory=python`);
    assert.equal(pinned.name, 'repo');
    assert.ok(pinned.source?.kind === 'vcs' && pinned.source.pinsCommit);
    const branch = one('transformers @ git+https://github.com/huggingface/transformers@main');
    assert.ok(branch.source?.kind === 'vcs' && !branch.source.pinsCommit);
    assert.deepEqual(branch.source.revision, { state: 'known', value: 'main' });
    const none = one('git+ssh://git@github.com/org/repo');
    assert.ok(none.source?.kind === 'vcs');
    assert.equal(none.source.revision.state, 'absent');
    const variable = one('git+https://github.com/org/repo@${REF}');
    assert.ok(variable.source?.kind === 'vcs');
    assert.equal(variable.source.revision.state, 'unknown');
  });

  it('may be a path, with extras and a marker', () => {
    const read = one('./downloads/My_Pkg-1.0-py3-none-any.whl[dev] ; os_name == "posix"');
    assert.equal(read.name, 'my-pkg');
    assert.deepEqual(read.version, { state: 'known', value: '1.0' });
    assert.deepEqual(
      read.extras.map((extra) => extra.name),
      ['dev'],
    );
    assert.equal(one('.').source?.kind, 'path');
    assert.equal(one('wheels/pkg.tar.gz').source?.kind, 'path');
  });

  it('is unknown where an environment variable decides', () => {
    assert.equal(one('torch==${TORCH_VERSION}').version.state, 'unknown');
    assert.equal(one('torch${SUFFIX}==2.7.0').name, undefined);
  });
});

describe('a requirements file', () => {
  it('gives options with their values', () => {
    const text = [
      '--index-url https://download.pytorch.org/whl/cpu',
      '--extra-index-url=https://pypi.org/simple',
      '-f ./wheels --no-index',
      '--trusted-host pypi.local --pre',
      '--only-binary=:all: --no-binary "numpy,scipy"',
      '--require-hashes',
      '-i https://a/simple',
    ].join('\n');
    assert.deepEqual(
      entries(text).map(
        (entry) => entry.kind === 'option' && [entry.name, entry.value, cut(text, entry.valueSpan)],
      ),
      [
        ['index-url', 'https://download.pytorch.org/whl/cpu', 'https://download.pytorch.org/whl/cpu'],
        ['extra-index-url', 'https://pypi.org/simple', 'https://pypi.org/simple'],
        ['find-links', './wheels', './wheels'],
        ['no-index', '', ''],
        ['trusted-host', 'pypi.local', 'pypi.local'],
        ['pre', '', ''],
        ['only-binary', ':all:', ':all:'],
        ['no-binary', 'numpy,scipy', 'numpy,scipy'],
        ['require-hashes', '', ''],
        ['index-url', 'https://a/simple', 'https://a/simple'],
      ],
    );
  });

  it('joins hashes over continuation lines, with CRLF too', () => {
    for (const end of ['\n', '\r\n']) {
      const text = `numpy==1.26.4 \\${end}    --hash=sha256:aa \\${end}    --hash=sha256:bb${end}    # via scipy${end}scipy==1.11${end}`;
      const [numpy, scipy] = requirements(text);
      assert.deepEqual(
        numpy?.hashes.map((hash) => [hash.algorithm, hash.digest, cut(text, hash.span)]),
        [
          ['sha256', 'aa', 'sha256:aa'],
          ['sha256', 'bb', 'sha256:bb'],
        ],
      );
      assert.equal(cut(text, scipy?.nameSpan), 'scipy');
    }
  });

  it('reads editables and includes', () => {
    const text =
      '-r base.txt\n-cconstraints.txt\n--requirement=../more.txt\n-e .[gpu]\n-e git+https://h/r.git@v1#egg=r\n';
    assert.deepEqual(
      entries(text).map((entry) =>
        entry.kind === 'include' ? [entry.constraint, entry.path, cut(text, entry.pathSpan)] : entry.kind,
      ),
      [
        [false, 'base.txt', 'base.txt'],
        [true, 'constraints.txt', 'constraints.txt'],
        [false, '../more.txt', '../more.txt'],
        'requirement',
        'requirement',
      ],
    );
  });

  it('drops a byte order mark, comments and blank lines', () => {
    const text = '\ufeff# head\n\n  flask  # web\n#end\n';
    assert.equal(cut(text, one(text).nameSpan), 'flask');
  });

  it('keeps a # without a space before it: it is part of a URL', () => {
    assert.equal(one('git+https://h/r#egg=thing').name, 'thing');
  });

  it('ends a continuation at a comment line', () => {
    const text = 'flask \\\n# comment \\\nnumpy\n';
    assert.deepEqual(
      requirements(text).map((read) => read.name),
      ['flask', 'numpy'],
    );
  });

  for (const [line, template, at] of [
    ['numpy=1.2', 'A single = compares nothing; pip wants ==', '='],
    ['numpy==', '{text} is not a version specifier', '=='],
    ['numpy>=1.*', '{text} is not a version specifier', '>=1.*'],
    ['numpy~=1', '{text} is not a version specifier', '~=1'],
    ['numpy==1.0 1.1', 'Unexpected text after the requirement: {text}', '1.1'],
    ['numpy 1.0', 'Unexpected text after the requirement: {text}', '1.0'],
    ['numpy; python_version >>= "3"', 'The marker cannot be read: {text}', '; python_version >>= "3"'],
    ['numpy; python > "3"', 'The marker cannot be read: {text}', '; python > "3"'],
    ['uvicorn[standard', 'The list of extras is not closed', 'uvicorn[standard'],
    ['<<<<<<< HEAD', 'Expected a package name, a URL or a path', '<<<<<<< HEAD'],
    ['=======', 'Expected a package name, a URL or a path', '======='],
    ['--index https://x', 'Unknown option {option}', '--index'],
    ['--upgrade', 'Unknown option {option}', '--upgrade'],
    ['-r', '{option} needs a value', '-r'],
    ['--index-url "https://x', 'The quote is not closed', '"https://x'],
    ['pip install numpy', 'Unexpected text after the requirement: {text}', 'install numpy'],
  ] as const) {
    it(`loses only the bad line ${JSON.stringify(line)}`, () => {
      const text = `flask==3.0\n${line}\nnumpy==2.0\n`;
      const bad = entries(text).filter((entry) => entry.kind === 'bad');
      assert.deepEqual(
        bad.map((entry) => [entry.why.template, cut(text, entry.at)]),
        [[template, at]],
      );
      assert.deepEqual(
        requirements(text).map((read) => read.name),
        ['flask', 'numpy'],
      );
    });
  }
});

describe('the closure of a requirements file', () => {
  const closure = (files: Record<string, string>, path = 'requirements.txt') =>
    requirementsClosure(path, (wanted) => {
      const text = files[wanted];
      return text === undefined ? undefined : readRequirements(text);
    });

  it('holds the included files, each with its path, and tells constraints apart', () => {
    const read = closure(
      {
        'docker/requirements.txt': '-r ../base.txt\n-c limits.txt\ntorch\n',
        'base.txt': 'numpy\n',
        'docker/limits.txt': 'numpy<2\n',
      },
      'docker/requirements.txt',
    );
    assert.deepEqual(
      read.files.map((file) => [file.path, file.constraint]),
      [
        ['docker/requirements.txt', false],
        ['base.txt', false],
        ['docker/limits.txt', true],
      ],
    );
    assert.deepEqual(read.wants, []);
  });

  it('says which paths it still wants', () => {
    assert.deepEqual(closure({ 'requirements.txt': '-r a.txt\n-r sub/b.txt\n-r a.txt\n' }).wants, [
      'a.txt',
      'sub/b.txt',
    ]);
  });

  it('names a cycle and ends', () => {
    const read = closure({
      'requirements.txt': '-r a.txt\n',
      'a.txt': 'numpy\n-r b.txt\n',
      'b.txt': '-r a.txt\n',
    });
    assert.deepEqual(read.cycles, [['a.txt', 'b.txt', 'a.txt']]);
    assert.equal(read.files.length, 3);
  });

  it('does not follow URLs, absolute paths, variables or paths out of the project', () => {
    const text = '-r https://h/r.txt\n-r /etc/r.txt\n-r ${DIR}/r.txt\n-r ../../r.txt\n-r C:\\r.txt\n';
    assert.deepEqual(closure({ 'requirements.txt': text }).wants, []);
  });
});
