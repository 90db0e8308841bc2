import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { known, unknown } from '../../../server/src/project/answer';
import { readHcl } from '../../../server/src/project/links/hcl';
import { buildsOf, contextOf } from './contextOf';

const docker = { Dockerfile: '', 'app/Dockerfile': '', 'docker/gpu.Dockerfile': '' };

describe('build contexts in bake files', () => {
  it('are read from HCL, inherited fields and variables included', () => {
    const bake = `
variable "TAG" { default = "1.0" }
group "default" { targets = ["api", "gpu"] }
target "_common" {
  context = "." // the root
  args = { PIP_INDEX = "x" }
  platforms = ["linux/amd64", "linux/arm64"]
}
target "api" {
  inherits = ["_common"]
  context = "app"
  tags = ["me/api:\${TAG}", lower("X")]
}
target "gpu" {
  inherits = ["_common"]
  dockerfile = "docker/gpu.Dockerfile"
  secret = ["id=hf,env=HF_TOKEN"]
  args = {
    CUDA = "12.4"
  }
}
`;
    const files = { ...docker, 'docker-bake.hcl': bake };
    assert.equal(contextOf(files, 'app/Dockerfile'), 'app, certain, bake');
    assert.equal(contextOf(files, 'docker/gpu.Dockerfile'), '/, certain, bake');
    const gpu = buildsOf(files).find(({ dockerfile }) => dockerfile === 'docker/gpu.Dockerfile');
    assert.deepEqual([...(gpu?.buildArgs ?? [])], [['CUDA', known('12.4')]]);
    assert.deepEqual(gpu?.secrets, ['hf']);
    assert.deepEqual(gpu?.platforms, known(['linux/amd64', 'linux/arm64']));
    const api = buildsOf(files).find(({ dockerfile }) => dockerfile === 'app/Dockerfile');
    assert.deepEqual(api?.tags, [known('me/api:1.0'), unknown]);
  });

  it('are read from JSON with the right place', () => {
    const bake = '\n{"target": {"app": {"context": "app", "args": {"A": "b"}}}}\n';
    const [build] = buildsOf({ ...docker, 'docker-bake.json': bake });
    assert.deepEqual(build?.context, known('app'));
    assert.equal(
      bake.slice(build?.origin.span.start, build?.origin.span.end),
      '{"context": "app", "args": {"A": "b"}}',
    );
  });

  it('are unknown where they are computed', () => {
    const bake = 'target "a" {\n  context = DIR == "" ? "." : DIR\n  dockerfile = "Dockerfile"\n}\n';
    assert.equal(contextOf({ ...docker, 'docker-bake.hcl': bake }, 'Dockerfile'), 'unknown');
  });

  it('default to the folder of the bake file', () => {
    assert.equal(
      contextOf(
        { ...docker, 'app/docker-bake.hcl': 'target "a" {\n dockerfile = "Dockerfile"\n}' },
        'app/Dockerfile',
      ),
      'app, certain, bake',
    );
  });

  it('survive circles and broken text', () => {
    assert.deepEqual(
      buildsOf({
        ...docker,
        'docker-bake.hcl': 'target "a" { inherits = ["b"] }\ntarget "b" { inherits = ["a"] }',
      }),
      [],
    );
    for (const text of [
      '',
      'target',
      'target "a" {',
      'target "a" { context = ',
      '{{{{',
      '"',
      'target "a" { x = [[[[ }',
      '}',
      'a = b',
    ]) {
      assert.deepEqual(buildsOf({ ...docker, 'docker-bake.hcl': text }), [], text);
    }
  });
});

describe('reading HCL', () => {
  const none = (): undefined => undefined;

  it('keeps texts, lists, maps and what it cannot compute', () => {
    const [block] = readHcl(
      'target "a" "b" {\n t = "x\\"y" # c\n l = ["a", ["b"],]\n m = { "k" = "v", j : "w" }\n u = f("x", { a = 1 })\n n = 3\n z = "last"\n}',
      none,
    );
    assert.deepEqual(block?.labels, ['a', 'b']);
    const kind = (name: string): string | undefined => block?.attributes.get(name)?.kind;
    assert.deepEqual(['t', 'l', 'm', 'u', 'n', 'z'].map(kind), [
      'text',
      'list',
      'map',
      'unknown',
      'unknown',
      'text',
    ]);
    const text = block?.attributes.get('t');
    assert.equal(text?.kind === 'text' && text.text, 'x"y');
  });

  it('skips nested blocks', () => {
    const [block] = readHcl(
      'target "a" {\n matrix = { x = ["1"] }\n attest {\n  type = "sbom"\n }\n context = "."\n}',
      none,
    );
    assert.equal(block?.attributes.get('context')?.kind, 'text');
  });
});
