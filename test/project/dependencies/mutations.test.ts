import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readEnvironmentYml } from '../../../server/src/project/dependencies/environmentYml';
import { readPipfile, readPipfileLock } from '../../../server/src/project/dependencies/pipfile';
import { readPoetryLock } from '../../../server/src/project/dependencies/poetryLock';
import { readPylock } from '../../../server/src/project/dependencies/pylock';
import { readPyproject } from '../../../server/src/project/dependencies/pyproject';
import { readRequirements } from '../../../server/src/project/dependencies/requirements';
import { readUvLock } from '../../../server/src/project/dependencies/uvLock';
import { Dockerignore } from '../../../server/src/project/ignore/dockerignore';
import { readPython } from '../../../server/src/project/python/readPython';

/** Every text that ends early, and texts with random pieces cut, doubled or replaced. The same ones on every run. */
function* mutations(text: string): Generator<string> {
  for (let end = 0; end < text.length; end += 1 + (end % 3)) yield text.slice(0, end);
  const pieces = [
    '"',
    "'",
    '\\',
    '\n',
    '[',
    ']',
    '{',
    '}',
    '(',
    ')',
    '=',
    '#',
    '\t',
    '\r',
    '\0',
    '\ufeff',
    '你',
    '\ud800',
    '"""',
    ' -',
    ';',
    '@',
    '**',
  ];
  let state = 20_261_122;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  for (let round = 0; round < 150; round++) {
    const at = random(text.length);
    const length = random(12);
    const piece =
      round % 3 === 0
        ? ''
        : round % 3 === 1
          ? (pieces[random(pieces.length)] ?? '')
          : text.slice(at, at + length).repeat(2);
    yield text.slice(0, at) + piece + text.slice(at + length);
  }
}

/** Fails on any span outside the text, however deep, getters of locked packages included. */
function assertSpansInside(value: unknown, text: string, seen = new Set<object>()): void {
  if (typeof value !== 'object' || value === null || seen.has(value)) return;
  seen.add(value);
  if (
    'start' in value &&
    'end' in value &&
    typeof value.start === 'number' &&
    typeof value.end === 'number'
  ) {
    assert.ok(
      value.start >= 0 && value.start <= value.end && value.end <= text.length,
      `${value.start}-${value.end} of ${text.length} in ${JSON.stringify(text)}`,
    );
  }
  const inside = value instanceof Map ? [...value.values()] : Object.values(value);
  const getters = Object.entries(Object.getOwnPropertyDescriptors(Object.getPrototypeOf(value) ?? {}))
    .filter(([name, property]) => property.get && name !== '__proto__' && !(value instanceof Map))
    .map(([name]) => (value as Record<string, unknown>)[name]);
  for (const one of [...inside, ...getters]) assertSpansInside(one, text, seen);
}

const toml = `[project]
name = "my-app" # name
dependencies = ["torch[a]>=2 ; os_name == 'x'", 'b @ https://h/b.whl',
  """c""", "\\u0041==1"]
[tool.uv.sources]
t = [{ index = "i", marker = "os_name == 'x'" }]
[[tool.uv.index]]
url = "https://i"
[tool.poetry.dependencies]
d = { version = "^1.2", extras = ["e"] }
`;

const lock = `version = 1
[[package]]
name = "a"
version = "1.0"
source = { registry = "https://i" }
dependencies = [
    { name = "b", marker = "os_name == 'x'", extra = ["c"] },
]
groups = ["main"]
markers = {main = "os_name == \\"x\\""}
wheels = [
    { url = "https://h/a-1.0-py3-none-any.whl", hash = "sha256:1", size = 3 },
]
[package.dependencies]
b = {version = ">=1", optional = true}
[package.optional-dependencies]
x = [
    { name = "z" },
]
[package.extras]
x = ["z (>=1)"]
`;

const readers: readonly (readonly [string, (text: string) => unknown, string])[] = [
  [
    'requirements',
    readRequirements,
    '-r base.txt\n--index-url https://i/simple\nTorch[a,b]>=2,<3 ; python_version < "3.9" and (os_name == "x") --hash=sha256:ab \\\n  --hash=sha256:cd # c\n-e git+https://h/r@v1#egg=e\n./x.whl[d]\nn @ https://h/n-1-py3-none-any.whl\r\n',
  ],
  ['pyproject.toml', readPyproject, toml],
  ['uv.lock', readUvLock, lock],
  ['poetry.lock', readPoetryLock, lock],
  ['pylock.toml', readPylock, lock.replaceAll('package', 'packages')],
  ['Pipfile', readPipfile, toml.replace('[project]', '[packages]')],
  [
    'Pipfile.lock',
    readPipfileLock,
    '{"_meta":{"sources":[{"name":"p","url":"u"}]},"default":{"a":{"version":"==1","markers":"os_name == \'x\'","hashes":["h"]}},"develop":{}}',
  ],
  [
    'environment.yml',
    readEnvironmentYml,
    'channels: [a]\ndependencies:\n  - c::n=1=b\n  - "m>=1"\n  - pip:\n    - t==1\n    - >-\n      folded\n      text\n',
  ],
  [
    '.dockerignore',
    (text) => ({ rules: new Dockerignore(text).rules, decided: new Dockerignore(text).decidedBy('a/b/c') }),
    '# c\n**/a*\n!a/[b-c]\n  data/**/x?\\*\n',
  ],
  [
    'Python',
    readPython,
    'import a.b as c\nfrom .d import (e as f)\n@app.get("/x", n=1)\nasync def g(h: int = 1, *i, **j) -> k:\n    try:\n        return {"l": f"m{n}o", **p}\n    except (Q, R) as s:\n        raise T(u) from v\nclass W(X, y=Z):\n    a: int = F(1)\nb["c"] = [lambda d: d, (yield), await e(), x if y else z]\n',
  ],
];

describe('whatever is typed,', () => {
  for (const [name, read, text] of readers) {
    it(`${name} is read without an error, and every place is inside the text`, () => {
      for (const mutation of mutations(text)) assertSpansInside(read(mutation), mutation);
    });
  }
});
