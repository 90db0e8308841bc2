import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { containerEnvironment } from '../../../server/src/project/dependencies/containerEnvironment';
import { readEnvironmentYml } from '../../../server/src/project/dependencies/environmentYml';
import { type PackageSource, packageSet } from '../../../server/src/project/dependencies/packageSet';
import { readPipfile } from '../../../server/src/project/dependencies/pipfile';
import { readPoetryLock } from '../../../server/src/project/dependencies/poetryLock';
import { readPyproject } from '../../../server/src/project/dependencies/pyproject';
import { readRequirements } from '../../../server/src/project/dependencies/requirements';
import { requirementsClosure } from '../../../server/src/project/dependencies/requirementsClosure';
import { readUvLock } from '../../../server/src/project/dependencies/uvLock';

const slim = containerEnvironment({ python: '3.11', arch: 'x86_64' });

function requirements(files: Record<string, string>): PackageSource {
  const closure = requirementsClosure('requirements.txt', (path) => {
    const text = files[path];
    return text === undefined ? undefined : readRequirements(text);
  });
  return { kind: 'requirements', closure };
}

/** `name version index flags`, the shortest that shows what was decided. */
function listed(source: PackageSource, extras: string[] = [], groups: string[] = []): string[] {
  return packageSet(source, { environment: slim, extras, groups }).packages.map((one) => {
    const version = one.version.state === 'known' ? one.version.value : one.version.state;
    const index =
      one.index.state === 'known'
        ? ` from ${one.index.value}`
        : one.index.state === 'unknown'
          ? ' from ?'
          : '';
    return `${one.name} ${version}${index}${one.isPossible ? ' possible' : ''}${one.isDirect ? '' : ' transitive'}`;
  });
}

describe('the packages of requirements files', () => {
  it('are those whose markers hold, with constraints applied', () => {
    const source = requirements({
      'requirements.txt':
        '-c limits.txt\n-r more.txt\ntorch\nnumpy==1.26.4\npywin32; sys_platform == "win32"\nuvloop; platform_release > "5"\n',
      'limits.txt': 'torch==2.7.0\nunused==1\n',
      'more.txt': 'flask>=3\n',
    });
    assert.deepEqual(listed(source), [
      'torch 2.7.0',
      'numpy 1.26.4',
      'uvloop absent possible',
      'flask absent',
    ]);
    assert.equal(
      packageSet(source, { environment: slim, extras: [], groups: [] }).packages[3]?.file,
      'more.txt',
    );
  });

  it('say which index serves them, unless several may', () => {
    const cpu = 'https://download.pytorch.org/whl/cpu';
    assert.deepEqual(listed(requirements({ 'requirements.txt': `--index-url ${cpu}\ntorch\n` })), [
      `torch absent from ${cpu}`,
    ]);
    assert.deepEqual(listed(requirements({ 'requirements.txt': `--extra-index-url ${cpu}\ntorch\n` })), [
      'torch absent from ?',
    ]);
  });

  it('are all there is where hashes are checked', () => {
    const closed = (text: string) =>
      packageSet(requirements({ 'requirements.txt': text }), { environment: slim, extras: [], groups: [] })
        .isClosed;
    assert.equal(closed('numpy==1 --hash=sha256:aa'), true);
    assert.equal(closed('numpy==1'), false);
  });
});

describe('the packages of pyproject.toml', () => {
  const text = `[project]
name = "app"
dependencies = ["torch", "numpy"]
[project.optional-dependencies]
cpu = ["onnxruntime"]
[dependency-groups]
dev = ["pytest", {include-group = "lint"}]
lint = ["ruff", {include-group = "dev"}]
[[tool.uv.index]]
name = "cpu"
url = "https://cpu/simple"
explicit = true
[tool.uv.sources]
torch = [{ index = "cpu", marker = "sys_platform == 'linux'" }]
`;
  const source: PackageSource = { kind: 'pyproject', path: 'pyproject.toml', pyproject: readPyproject(text) };

  it('come with extras and groups only when asked for', () => {
    assert.deepEqual(listed(source), ['torch absent from https://cpu/simple', 'numpy absent']);
    assert.deepEqual(listed(source, ['cpu'], ['dev']).slice(2), [
      'onnxruntime absent',
      'pytest absent',
      'ruff absent',
    ]);
  });

  it("are Poetry's too, with its sources", () => {
    const poetry = `[tool.poetry.dependencies]
python = "^3.11"
torch = { version = "2.7.0", source = "cpu" }
big = { version = "*", optional = true }
[tool.poetry.extras]
all = ["big"]
[tool.poetry.group.dev.dependencies]
pytest = "^8"
[[tool.poetry.source]]
name = "cpu"
url = "https://cpu/simple"
priority = "explicit"
`;
    const own: PackageSource = {
      kind: 'pyproject',
      path: 'pyproject.toml',
      pyproject: readPyproject(poetry),
    };
    assert.deepEqual(listed(own), ['torch 2.7.0 from https://cpu/simple']);
    assert.deepEqual(listed(own, ['all'], ['dev']).slice(1), ['big absent', 'pytest absent']);
  });
});

const uvLock = `version = 1
requires-python = ">=3.10"

[[package]]
name = "app"
version = "0.1.0"
source = { virtual = "." }
dependencies = [
    { name = "uvicorn", extra = ["standard"] },
    { name = "numpy", version = "1.26.4", source = { registry = "https://pypi.org/simple" }, marker = "python_full_version < '3.12'" },
    { name = "numpy", version = "2.2.0", source = { registry = "https://pypi.org/simple" }, marker = "python_full_version >= '3.12'" },
]

[package.optional-dependencies]
cpu = [
    { name = "torch", version = "2.7.0+cpu", source = { registry = "https://cpu/simple" }, marker = "extra == 'extra-3-app-cpu'" },
]

[package.dev-dependencies]
dev = [
    { name = "pytest" },
]

[[package]]
name = "colorama"
version = "0.4.6"
source = { registry = "https://pypi.org/simple" }

[[package]]
name = "httptools"
version = "0.6.4"
source = { registry = "https://pypi.org/simple" }

[[package]]
name = "numpy"
version = "1.26.4"
source = { registry = "https://pypi.org/simple" }

[[package]]
name = "numpy"
version = "2.2.0"
source = { registry = "https://pypi.org/simple" }

[[package]]
name = "pytest"
version = "8.0.0"
source = { registry = "https://pypi.org/simple" }

[[package]]
name = "torch"
version = "2.7.0"
source = { registry = "https://pypi.org/simple" }

[[package]]
name = "torch"
version = "2.7.0+cpu"
source = { registry = "https://cpu/simple" }

[[package]]
name = "uvicorn"
version = "0.34.0"
source = { registry = "https://pypi.org/simple" }
dependencies = [
    { name = "colorama", marker = "sys_platform == 'win32'" },
]

[package.optional-dependencies]
standard = [
    { name = "httptools" },
]
`;

describe('the packages of a lock', () => {
  const uv: PackageSource = { kind: 'lock', path: 'uv.lock', lock: readUvLock(uvLock), pyproject: undefined };
  const pypi = 'from https://pypi.org/simple';

  it('are what the project reaches there, in the version of its fork', () => {
    assert.deepEqual(listed(uv).sort(), [
      `httptools 0.6.4 ${pypi} transitive`,
      `numpy 1.26.4 ${pypi}`,
      `uvicorn 0.34.0 ${pypi}`,
    ]);
    assert.equal(packageSet(uv, { environment: slim, extras: [], groups: [] }).isClosed, true);
  });

  it('grow with extras and groups', () => {
    const more = listed(uv, ['cpu'], ['dev']);
    assert.ok(more.includes('torch 2.7.0+cpu from https://cpu/simple'));
    assert.ok(more.includes(`pytest 8.0.0 ${pypi}`));
    assert.ok(!more.some((one) => one.startsWith('torch 2.7.0 ')));
  });

  it('are possible where the interpreter is not known', () => {
    const environment = containerEnvironment({ python: undefined, arch: undefined });
    const versions = packageSet(uv, { environment, extras: [], groups: [] }).packages.filter(
      (one) => one.name === 'numpy',
    );
    assert.deepEqual(
      versions.map((one) => one.isPossible),
      [true, true],
    );
  });

  it("follow Poetry's declared dependencies, or its groups where those are not at hand", () => {
    const text = `[[package]]
name = "a"
version = "1"
optional = false
groups = ["main"]
[package.dependencies]
b = "*"
c = {version = "*", optional = true, markers = "extra == \\"x\\""}
[package.extras]
x = ["c"]

[[package]]
name = "b"
version = "1"
optional = false
groups = ["main", "dev"]

[[package]]
name = "c"
version = "1"
optional = true
groups = ["main"]

[[package]]
name = "pytest"
version = "8"
optional = false
groups = ["dev"]
`;
    const lock = readPoetryLock(text);
    const path = 'poetry.lock';
    const pyproject = (line: string) =>
      readPyproject(
        `[tool.poetry.dependencies]\n${line}\n[tool.poetry.group.dev.dependencies]\npytest = "^8"\n`,
      );
    const names = (source: PackageSource, groups: string[] = []) =>
      listed(source, [], groups)
        .map((line) => line.split(' ', 1)[0])
        .sort();
    assert.deepEqual(names({ kind: 'lock', path, lock, pyproject: pyproject('a = "*"') }), ['a', 'b']);
    assert.deepEqual(
      names({ kind: 'lock', path, lock, pyproject: pyproject('a = { version = "*", extras = ["x"] }') }),
      ['a', 'b', 'c'],
    );
    assert.deepEqual(names({ kind: 'lock', path, lock, pyproject: pyproject('a = "*"') }, ['dev']), [
      'a',
      'b',
      'pytest',
    ]);
    assert.deepEqual(names({ kind: 'lock', path, lock, pyproject: undefined }), ['a', 'b']);
  });

  it('in a circle are each listed once', () => {
    const text = uvLock.replace(
      'name = "httptools"\nversion = "0.6.4"\nsource = { registry = "https://pypi.org/simple" }\n',
      'name = "httptools"\nversion = "0.6.4"\nsource = { registry = "https://pypi.org/simple" }\ndependencies = [\n    { name = "uvicorn", extra = ["standard"] },\n]\n',
    );
    const source: PackageSource = {
      kind: 'lock',
      path: 'uv.lock',
      lock: readUvLock(text),
      pyproject: undefined,
    };
    assert.equal(listed(source).length, 3);
  });
});

describe('the packages of Pipfile and environment.yml', () => {
  it('are listed with their index or channel', () => {
    const pipfile = readPipfile(
      '[[source]]\nurl = "https://i/simple"\n[packages]\nflask = "==3.0"\n[dev-packages]\npytest = "*"\n',
    );
    assert.deepEqual(listed({ kind: 'pipfile', path: 'Pipfile', pipfile }), [
      'flask 3.0 from https://i/simple',
    ]);
    const environment = readEnvironmentYml(
      'dependencies:\n  - pytorch::pytorch=2.5.1=py3.11_cpu_0\n  - pip:\n    - transformers==4.52.3\n',
    );
    assert.deepEqual(listed({ kind: 'conda', path: 'environment.yml', environment }), [
      'pytorch 2.5.1 from pytorch',
      'transformers 4.52.3',
    ]);
  });
});
