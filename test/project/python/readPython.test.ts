import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PythonModule } from '../../../server/src/project/python/pythonModule';
import { readPython } from '../../../server/src/project/python/readPython';
import type { Span } from '../../../server/src/project/span';

const cut = (text: string, span: Span | undefined) => span && text.slice(span.start, span.end);

function callees(module: PythonModule): string[] {
  return module.calls.map((call) => call.callee);
}

describe('imports of a Python file', () => {
  it('are given with names, aliases and levels', () => {
    const text =
      'import os, numpy as np\nfrom transformers import (AutoModel as M, pipeline)\nfrom . import x\nfrom ..a.b import *\n';
    const { imports } = readPython(text);
    assert.deepEqual(
      imports.map((one) => [
        one.module,
        one.alias,
        one.level,
        one.names.map((name) => [name.name, name.alias]),
      ]),
      [
        ['os', undefined, 0, []],
        ['numpy', 'np', 0, []],
        [
          'transformers',
          undefined,
          0,
          [
            ['AutoModel', 'M'],
            ['pipeline', undefined],
          ],
        ],
        ['.', undefined, 1, [['x', undefined]]],
        ['..a.b', undefined, 2, [['*', undefined]]],
      ],
    );
    assert.equal(cut(text, imports[1]?.moduleSpan), 'numpy');
    assert.equal(cut(text, imports[4]?.moduleSpan), '..a.b');
  });

  it('are optional where their failure is caught or only type checkers see them', () => {
    const text = `import a
try:
    import b
except ImportError:
    import c
try:
    import d
except ValueError:
    pass
if TYPE_CHECKING:
    import e
def f():
    import g
try:
    import h
except:
    h = None
`;
    const optional = readPython(text).imports.map((one) => [one.module, one.optional]);
    assert.deepEqual(optional, [
      ['a', false],
      ['b', true],
      ['c', true],
      ['d', false],
      ['e', true],
      ['g', false],
      ['h', true],
    ]);
    assert.deepEqual(
      readPython(text)
        .imports.filter((one) => one.place.atImport)
        .map((one) => one.module),
      ['a', 'b', 'c', 'd', 'h'],
    );
  });
});

describe('calls of a Python file', () => {
  it('have their callee resolved through imports', () => {
    const text = `from transformers import AutoModel as M
import torch.nn as nn
import os.path
M.from_pretrained("x", trust_remote_code=True)
nn.functional.relu(y)
os.path.join("a")
M.from_pretrained("x").to("cuda").eval()
models["a"].run()
"".join(x)
(a or b)()
`;
    assert.deepEqual(callees(readPython(text)), [
      'transformers.AutoModel.from_pretrained',
      'torch.nn.functional.relu',
      'os.path.join',
      'transformers.AutoModel.from_pretrained',
      'transformers.AutoModel.from_pretrained().to',
      'transformers.AutoModel.from_pretrained().to().eval',
      'models[].run',
      '',
      '',
    ]);
  });

  it('give arguments with values and places', () => {
    const text = `f("a", r'b\\d', *args, n=-3, flag=True, none=None, items=[1, "x"], d={"k": 2, **z}, t=f"a{b}c", c=p if q else "r", **kw)`;
    const [call] = readPython(text).calls;
    assert.ok(call);
    assert.deepEqual(
      call.arguments.map((one) => [one.name, one.spread, one.value.kind, cut(text, one.span)]),
      [
        [undefined, undefined, 'text', '"a"'],
        [undefined, undefined, 'text', "r'b\\d'"],
        [undefined, '*', 'name', 'args'],
        ['n', undefined, 'number', 'n=-3'],
        ['flag', undefined, 'boolean', 'flag=True'],
        ['none', undefined, 'none', 'none=None'],
        ['items', undefined, 'list', 'items=[1, "x"]'],
        ['d', undefined, 'dictionary', 'd={"k": 2, **z}'],
        ['t', undefined, 'template', 't=f"a{b}c"'],
        ['c', undefined, 'choice', 'c=p if q else "r"'],
        [undefined, '**', 'name', 'kw'],
      ],
    );
    const [, raw, , number] = call.arguments;
    assert.ok(
      raw?.value.kind === 'text' && raw.value.value === 'b\\d' && cut(text, raw.value.inner) === 'b\\d',
    );
    assert.ok(number?.value.kind === 'number' && number.value.value === -3);
  });

  it('know the function around them and whether they run at import', () => {
    const text = `load()
async def serve():
    await run()
class A:
    x = make()
    def m(self):
        inner()
if __name__ == "__main__":
    main()
with open("f") as f:
    f.read()
for i in range(3):
    step()
`;
    assert.deepEqual(
      readPython(text).calls.map((call) => [
        call.callee,
        call.place.function?.name,
        call.place.function?.isAsync,
        call.place.className,
        call.place.atImport,
        call.place.inMain,
        call.awaited,
      ]),
      [
        ['load', undefined, undefined, undefined, true, false, false],
        ['run', 'serve', true, undefined, false, false, true],
        ['make', undefined, undefined, 'A', true, false, false],
        ['inner', 'm', false, 'A', false, false, false],
        ['main', undefined, undefined, undefined, false, true, false],
        ['open', undefined, undefined, undefined, true, false, false],
        ['f.read', undefined, undefined, undefined, true, false, false],
        ['range', undefined, undefined, undefined, true, false, false],
        ['step', undefined, undefined, undefined, true, false, false],
      ],
    );
  });

  it('do not resolve a name that a parameter hides', () => {
    assert.deepEqual(callees(readPython('from m import json\ndef f(json):\n    json.loads()\n')), [
      'json.loads',
    ]);
  });
});

describe('a Python file', () => {
  it('gives assignments, with the places of their strings', () => {
    const text = 'MODEL = "bert"\nself.x: int = 3\na, b = 1, 2\nCONFIG["k"] = v\nx = y = 0\nn += 1\n';
    assert.deepEqual(
      readPython(text).assignments.map((one) => [one.target, one.value?.kind]),
      [
        ['MODEL', 'text'],
        ['self.x', 'number'],
        ['a', undefined],
        ['b', undefined],
        ['CONFIG[]', 'name'],
        ['x', 'number'],
        ['y', 'number'],
        ['n', undefined],
      ],
    );
  });

  it('gives what except bodies return and raise', () => {
    const text = `def f():
    try:
        return g()
    except (ValueError, exc.Bad) as e:
        return {"code": 500, "msg": str(e)}
    except KeyError:
        raise HTTPException(500) from None
    except Exception:
        pass
    finally:
        h()
`;
    const module = readPython(text);
    const [whole] = module.tries;
    assert.deepEqual(
      whole?.handlers.map((one) => [one.types, one.name, one.returns.length, one.raises.length, one.isEmpty]),
      [
        [['ValueError', 'exc.Bad'], 'e', 1, 0, false],
        [['KeyError'], undefined, 0, 1, false],
        [['Exception'], undefined, 0, 0, true],
      ],
    );
    assert.equal(cut(text, whole?.handlers[0]?.returns[0]?.value?.span), '{"code": 500, "msg": str(e)}');
    assert.equal(module.functions[0]?.returns.length, 2);
    assert.equal(module.calls.find((call) => call.callee === 'g')?.place.tried, whole);
    assert.equal(module.calls.find((call) => call.callee === 'str')?.place.handler, whole?.handlers[0]);
  });

  it('gives functions with parameters and decorators, and classes with fields', () => {
    const text = `@app.post("/x", status_code=201)
@cached
def f(a, b: int = 3, *args: str, c="d", **kw) -> dict:
    yield a
class Req(BaseModel, base.Other, metaclass=M):
    """Text."""
    text: str
    n: int = Field(3, ge=1)
    def m(self): self.z = 1
`;
    const { functions, classes, calls } = readPython(text);
    const [first] = functions;
    assert.deepEqual(
      first?.parameters.map((one) => [
        one.name,
        one.spread,
        cut(text, one.annotation?.span),
        cut(text, one.default?.span),
      ]),
      [
        ['a', undefined, undefined, undefined],
        ['b', undefined, 'int', '3'],
        ['args', '*', 'str', undefined],
        ['c', undefined, undefined, '"d"'],
        ['kw', '**', undefined, undefined],
      ],
    );
    assert.equal(first?.hasYield, true);
    assert.deepEqual(
      first?.decorators.map((one) => [one.name, one.call !== undefined]),
      [
        ['app.post', true],
        ['cached', false],
      ],
    );
    assert.ok(calls.some((call) => call.callee === 'app.post' && call.isDecorator));
    assert.deepEqual(classes[0]?.bases, ['BaseModel', 'base.Other']);
    assert.deepEqual(
      classes[0]?.fields.map((one) => one.target),
      ['text', 'n'],
    );
  });

  it('joins adjacent strings and decodes escapes', () => {
    const { calls } = readPython('f("a\\n" \'b\', """c\nd""", "\\u4f60\\x41\\N{DASH}", b"bytes")');
    assert.deepEqual(
      calls[0]?.arguments.map(({ value }) => (value.kind === 'text' ? value.value : value.kind)),
      ['a\nb', 'c\nd', '你A\\N{DASH}', 'other'],
    );
  });

  it('keeps string constants, without documentation', () => {
    const { texts } = readPython('"""Module."""\nx = "one"\nf(["two"])\n');
    assert.deepEqual(
      texts.map(({ text }) => text.value),
      ['one', 'two'],
    );
  });

  it('of newer syntax is read', () => {
    const module = readPython(
      'match x:\n    case 1:\n        f()\ntype T = int\ndef g[T](x: T): ...\nwith (open(a) as b, c()): h()\nif (n := k()): pass\n',
    );
    assert.ok(
      callees(module).includes('f') && callees(module).includes('k') && callees(module).includes('h'),
    );
  });

  for (const broken of [
    'from fastapi import FastAPI\napp = FastAPI(\n\n@app.get("/x")\ndef f(:\n    return load("m")\n',
    'def f(\n',
    'import\nfrom x import\nload("m")',
    'class\n  x = load("m"',
    'f("unclosed\nload()',
    'try:\n  load("m")\nexcept',
    '\ufeffload("m")',
    '\0\ud800\u2028',
    'x = {"a": , "b": load("m")}',
    '@\ndef f(): load("m")',
    'f(**, *, =, a=)',
    'return',
    '}'.repeat(500),
  ]) {
    it(`${JSON.stringify(broken.slice(0, 40))} does not stop the reader`, () => {
      const module = readPython(broken);
      if (broken.includes('load("m")')) assert.ok(callees(module).includes('load'));
      for (const call of module.calls) assert.ok(call.span.end <= broken.length);
    });
  }

  it('nested beyond any program is left out, not followed', () => {
    assert.ok(readPython(`${'('.repeat(50_000)}f()`));
    assert.ok(readPython(`x = ${'a + '.repeat(50_000)}1`));
    assert.ok(readPython(`x${'.f()'.repeat(20_000)}`));
    assert.equal(readPython(' '.repeat(2_000_000)).unread, true);
  });
});
