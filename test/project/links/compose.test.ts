import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { absent, known } from '../../../server/src/project/answer';
import { isComposePath } from '../../../server/src/project/links/compose';
import { buildsOf, contextOf } from './contextOf';

const docker = { 'app/Dockerfile': '', 'docker/Dockerfile.gpu': '', Dockerfile: '' };

describe('build contexts in Compose files', () => {
  it('are read from the short form, relative to the file', () => {
    const compose = 'services:\n  web:\n    build: ./app\n';
    assert.equal(
      contextOf({ ...docker, 'compose.yaml': compose }, 'app/Dockerfile'),
      'app, certain, compose',
    );
    assert.equal(
      contextOf({ ...docker, 'deploy/compose.yaml': compose.replace('./app', '../app') }, 'app/Dockerfile'),
      'app, certain, compose',
    );
  });

  it('are read from the long form, whose Dockerfile lies below the context', () => {
    const compose =
      'services:\n  web:\n    build:\n      context: .\n      dockerfile: docker/Dockerfile.gpu\n      target: serve\n      args:\n        - CUDA=12.4\n        - TOKEN\n      secrets: [hf_token]\n      platforms: ["linux/arm64"]\n    image: me/web:1\n';
    const [build] = buildsOf({ ...docker, 'docker-compose.yml': compose });
    assert.deepEqual(build?.dockerfile, 'docker/Dockerfile.gpu');
    assert.deepEqual(build?.context, known(''));
    assert.deepEqual(build?.target, known('serve'));
    assert.deepEqual(
      [...(build?.buildArgs ?? [])],
      [
        ['CUDA', known('12.4')],
        ['TOKEN', absent],
      ],
    );
    assert.deepEqual(build?.secrets, ['hf_token']);
    assert.deepEqual(build?.platforms, known(['linux/arm64']));
    assert.deepEqual(build?.tags, [known('me/web:1')]);
  });

  it('take the default of a variable, and are unknown without one', () => {
    const compose = (context: string): string =>
      `services:\n  web:\n    build:\n      context: ${context}\n      dockerfile: Dockerfile\n`;
    assert.equal(
      contextOf({ ...docker, 'compose.yml': compose('${CTX:-app}') }, 'app/Dockerfile'),
      'app, certain, compose',
    );
    assert.equal(contextOf({ ...docker, 'compose.yml': compose('${CTX}') }, 'app/Dockerfile'), 'unknown');
  });

  it('are unknown when two services build one Dockerfile in different folders', () => {
    const compose =
      'services:\n  a:\n    build: {context: ., dockerfile: app/Dockerfile}\n  b:\n    build: {context: app}\n';
    assert.equal(contextOf({ ...docker, 'compose.yml': compose }, 'app/Dockerfile'), 'unknown');
    assert.equal(buildsOf({ ...docker, 'compose.yml': compose }).length, 2);
  });

  it('are absent for a remote context', () => {
    const compose = 'services:\n  a:\n    build:\n      context: https://example.com/repo.git\n';
    assert.deepEqual(buildsOf({ ...docker, 'compose.yml': compose }), []);
  });

  it('take backslashes and anchors', () => {
    const compose = 'x-build: &b\n  context: .\\app\nservices:\n  web:\n    build: *b\n';
    assert.equal(contextOf({ ...docker, 'compose.yml': compose }, 'app/Dockerfile'), 'app, certain, compose');
  });

  it('are left out where the Dockerfile is written inline or missing', () => {
    const compose =
      'services:\n  a:\n    build:\n      context: .\n      dockerfile_inline: FROM a\n  b:\n    build: ./gone\n';
    assert.deepEqual(buildsOf({ ...docker, 'compose.yml': compose }), []);
  });

  it('are read from what is left of a broken file', () => {
    for (const text of [
      '',
      'services:',
      'services:\n  - a',
      '\t:::',
      '{',
      'services:\n  a:\n    build: *gone\n',
      'a: b\n---\nc: d',
    ]) {
      assert.deepEqual(buildsOf({ ...docker, 'compose.yml': text }), [], text);
    }
  });

  it('are looked for under the names people use', () => {
    for (const path of [
      'compose.yaml',
      'docker-compose.yml',
      'a/docker-compose.gpu.yml',
      'docker-compose-dev.yaml',
      'web.compose.yml',
    ])
      assert.ok(isComposePath(path), path);
    for (const path of ['composer.yml', 'decompose.yml', 'compose.json', 'docker-compose.yml.j2'])
      assert.ok(!isComposePath(path), path);
  });

  it('keep the target unknown when services build different ones', () => {
    const compose =
      'services:\n  a:\n    build: {context: ., target: dev}\n  b:\n    build: {context: ., target: prod}\n';
    const [first, second] = buildsOf({ ...docker, 'compose.yml': compose });
    assert.deepEqual([first?.target, second?.target], [known('dev'), known('prod')]);
    assert.equal(contextOf({ ...docker, 'compose.yml': compose }, 'Dockerfile'), '/, certain, compose');
  });
});
