import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readPyproject } from '../../../server/src/project/dependencies/pyproject';
import type { Span } from '../../../server/src/project/span';

const cut = (text: string, span: Span | undefined) => span && text.slice(span.start, span.end);

describe('pyproject.toml', () => {
  it('gives dependencies, extras, groups and build requirements with exact places', () => {
    const text = `[build-system]
requires = ["hatchling"]

[project]
name = "My_App"
requires-python = ">=3.11"
dependencies = [
  "torch>=2.0,<3 ; sys_platform == 'linux'",  # comment
  'uvicorn[standard]==0.34.0',
]

[project.optional-dependencies]
"gpu-12" = ["onnxruntime-gpu"]

[dependency-groups]
test = ["pytest", {include-group = "lint"}]
lint = ["ruff"]
`;
    const read = readPyproject(text);
    assert.equal(read.problem, undefined);
    assert.equal(read.name, 'my-app');
    assert.equal(read.requiresPython?.value, '>=3.11');
    const [torch, uvicorn] = read.dependencies;
    assert.equal(cut(text, torch?.nameSpan), 'torch');
    assert.equal(cut(text, torch?.specifier?.span), '>=2.0,<3');
    assert.equal(cut(text, torch?.marker?.span), "sys_platform == 'linux'");
    assert.equal(cut(text, uvicorn?.specifier?.clauses[0]?.versionSpan), '0.34.0');
    assert.equal(read.optionalDependencies.get('gpu-12')?.[0]?.name, 'onnxruntime-gpu');
    assert.deepEqual(
      read.groups.get('test')?.includes.map((one) => one.name),
      ['lint'],
    );
    assert.equal(read.buildRequires[0]?.name, 'hatchling');
  });

  it("gives uv's indexes, sources, conflicts and environments", () => {
    const text = `[project]
name = "app"
dependencies = ["torch"]
[tool.uv]
environments = ["sys_platform == 'linux'"]
conflicts = [[{ extra = "cpu" }, { extra = "cu128" }]]
override-dependencies = ["numpy<2"]
dev-dependencies = ["pytest"]
[[tool.uv.index]]
name = "pytorch-cpu"
url = "https://download.pytorch.org/whl/cpu"
explicit = true
[tool.uv.sources]
torch = [
  { index = "pytorch-cpu", extra = "cpu" },
  { index = "pytorch-cu128", marker = "sys_platform == 'linux'" },
]
own = { workspace = true }
`;
    const { uv, groups } = readPyproject(text);
    assert.deepEqual(
      uv.indexes.map((index) => [index.name, index.explicit, cut(text, index.urlSpan)]),
      [['pytorch-cpu', true, 'https://download.pytorch.org/whl/cpu']],
    );
    assert.deepEqual(
      uv.sources.get('torch')?.map((source) => [source.index, source.extra, source.marker !== undefined]),
      [
        ['pytorch-cpu', 'cpu', false],
        ['pytorch-cu128', undefined, true],
      ],
    );
    assert.equal(uv.sources.get('own')?.[0]?.workspace, true);
    assert.deepEqual(uv.conflicts, [['extra:cpu', 'extra:cu128']]);
    assert.equal(uv.environments.length, 1);
    assert.equal(uv.overrides[0]?.name, 'numpy');
    assert.equal(groups.get('dev')?.requirements[0]?.name, 'pytest');
  });

  it("gives Poetry's dependencies with carets and tildes as version ranges", () => {
    const text = `[tool.poetry]
name = "app"
[tool.poetry.dependencies]
python = "^3.11"
a = "^1.2.3"
b = "^0.2.3"
c = "^0.0.3"
d = "^0"
e = "~1.2.3"
f = "~1"
g = "1.2.3"
h = "1.2.*"
i = ">=1.0,<2.0"
j = "*"
k = "^1.0 || ^2.0"
l = { version = "^2.1", extras = ["x"], optional = true, source = "torch" }
m = { git = "https://github.com/o/m", rev = "main" }
n = ">= 1.0"
o = ">=1.0 <2.0"
p = { path = "../p", develop = true }
[tool.poetry.group.dev.dependencies]
pytest = "^8"
[tool.poetry.extras]
big = ["l"]
[[tool.poetry.source]]
name = "torch"
url = "https://download.pytorch.org/whl/cpu"
priority = "explicit"
`;
    const { poetry } = readPyproject(text);
    assert.ok(poetry);
    assert.equal(poetry.python?.value, '^3.11');
    assert.deepEqual(
      poetry.dependencies.map(({ requirement }) => [
        requirement.name,
        requirement.specifier?.text,
        requirement.version.state,
      ]),
      [
        ['a', '>=1.2.3,<2', 'absent'],
        ['b', '>=0.2.3,<0.3', 'absent'],
        ['c', '>=0.0.3,<0.0.4', 'absent'],
        ['d', '>=0,<1', 'absent'],
        ['e', '>=1.2.3,<1.3', 'absent'],
        ['f', '>=1,<2', 'absent'],
        ['g', '==1.2.3', 'known'],
        ['h', '==1.2.*', 'absent'],
        ['i', '>=1.0,<2.0', 'absent'],
        ['j', undefined, 'absent'],
        ['k', undefined, 'unknown'],
        ['l', '>=2.1,<3', 'absent'],
        ['m', undefined, 'unknown'],
        ['n', '>=1.0', 'absent'],
        ['o', '>=1.0,<2.0', 'absent'],
        ['p', undefined, 'unknown'],
      ],
    );
    const caret = poetry.dependencies[0]?.requirement;
    assert.equal(cut(text, caret?.specifier?.span), '^1.2.3');
    assert.equal(cut(text, caret?.span), 'a = "^1.2.3"');
    const optional = poetry.dependencies.find(({ requirement }) => requirement.name === 'l');
    assert.deepEqual([optional?.optional, optional?.indexName], [true, 'torch']);
    assert.deepEqual(
      poetry.sources.map((source) => source.priority),
      ['explicit'],
    );
    assert.deepEqual(
      poetry.groups.get('dev')?.dependencies.map(({ requirement }) => requirement.name),
      ['pytest'],
    );
  });

  it('names the requirements files that hold the dependencies', () => {
    const text =
      '[project]\ndynamic = ["dependencies"]\n[tool.setuptools.dynamic]\ndependencies = { file = ["requirements.txt"] }\n';
    assert.deepEqual(
      readPyproject(text).dependencyFiles.map((file) => file.value),
      ['requirements.txt'],
    );
  });

  it('keeps what no installer reads as a requirement', () => {
    const text = '[project]\ndependencies = ["numpy", "torch=2.0", "./local"]\n';
    const read = readPyproject(text);
    assert.deepEqual(
      read.dependencies.map((one) => one.name),
      ['numpy'],
    );
    assert.deepEqual(
      read.bad.map((one) => [one.name, cut(text, one.span)]),
      [
        ['torch', '='],
        [undefined, './local'],
      ],
    );
  });

  for (const [title, broken, at] of [
    [
      'a forgotten closing bracket',
      '[project]\nname = "app"\ndependencies = [\n  "numpy",\n\n[tool.uv]\nindex-url = "https://i/simple"\n',
      undefined,
    ],
    [
      'an open string',
      '[project]\nname = "app"\ndependencies = [\n  "numpy",\n  "torch\n]\n[tool.uv]\nindex-url = "https://i/simple"\n',
      undefined,
    ],
    [
      'a missing comma',
      '[project]\nname = "app"\ndependencies = [\n  "numpy"\n  "torch"\n]\n[tool.uv]\nindex-url = "https://i/simple"\n',
      '"torch"',
    ],
    [
      'a key without value',
      '[project]\nname = "app"\nversion =\ndependencies = ["numpy"]\n[tool.uv]\nindex-url = "https://i/simple"\n',
      undefined,
    ],
    [
      'a conflict marker',
      '<<<<<<< HEAD\n[project]\nname = "app"\n=======\ndependencies = ["numpy"]\n[tool.uv]\nindex-url = "https://i/simple"\n',
      '<<<<<<< HEAD',
    ],
  ] as const) {
    it(`with ${title} still gives the rest, and says where it breaks`, () => {
      const read = readPyproject(broken);
      assert.ok(read.problem);
      if (at !== undefined) assert.equal(cut(broken, read.problem.span), at);
      assert.equal(read.name, 'app');
      assert.equal(read.dependencies[0]?.name, 'numpy');
      assert.equal(read.uv.indexes[0]?.url, 'https://i/simple');
    });
  }
});
