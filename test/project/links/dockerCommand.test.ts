import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { absent, known, unknown } from '../../../server/src/project/answer';
import type { DockerCommand } from '../../../server/src/project/links/dockerCommand';
import { dockerCommandsIn } from '../../../server/src/project/links/shellCommands';

type Of<Command, Kind> = Command extends { kind: infer Own } ? (Kind extends Own ? Command : never) : never;

function read<Kind extends DockerCommand['kind']>(kind: Kind, text: string): Of<DockerCommand, Kind> {
  const [placed] = dockerCommandsIn(text, 0, [''], '');
  assert.equal(placed?.command.kind, kind);
  return placed?.command as Of<DockerCommand, Kind>;
}

describe('docker commands', () => {
  it('are builds in every spelling', () => {
    for (const text of [
      'docker build .',
      'docker buildx build .',
      'docker image build .',
      'docker --context x buildx --builder b build .',
      'sudo docker build .',
      'DOCKER_BUILDKIT=1 docker build .',
      'docker.exe build .',
      'podman build .',
      'nerdctl build .',
      '/usr/bin/docker builder build .',
    ]) {
      assert.deepEqual(read('build', text).context, known('.'), text);
    }
  });

  it('know which flags take a word', () => {
    const build = read(
      'build',
      'docker build --pull --no-cache -q --network host -t a -tb --tag=c --secret id=hf,src=t -f x/Dockerfile --build-arg A=1 --build-arg B --platform linux/amd64,linux/arm64 --build-context base=../b --push ctx',
    );
    assert.deepEqual(build.context, known('ctx'));
    assert.deepEqual(build.file, known('x/Dockerfile'));
    assert.deepEqual(build.tags, [known('a'), known('b'), known('c')]);
    assert.deepEqual(
      [...build.buildArgs],
      [
        ['A', known('1')],
        ['B', absent],
      ],
    );
    assert.deepEqual(build.platforms, known(['linux/amd64', 'linux/arm64']));
    assert.deepEqual(build.secrets, ['hf']);
    assert.deepEqual(build.namedContexts, ['base']);
    assert.equal(build.pushes, true);
  });

  it('have no local context from standard input or a repository', () => {
    for (const text of [
      'docker build - < Dockerfile',
      'docker build https://example.com/x.git#main',
      'docker build git@example.com:a/b.git',
    ]) {
      assert.deepEqual(read('build', text).context, absent, text);
    }
    assert.deepEqual(read('build', 'docker build').context, unknown);
    assert.deepEqual(read('build', 'docker build a b').context, unknown);
    assert.deepEqual(read('build', 'docker build $X').context, unknown);
  });

  it('are runs, whose flags end at the image', () => {
    const run = read('run', 'docker run -d --rm -p 8080:80 --gpus all -e A=b --name=x me/app:1 serve -p 9');
    assert.deepEqual(run.image, known('me/app:1'));
    assert.deepEqual(
      run.options.map(({ name, value }) => [name, value]),
      [
        ['-d', undefined],
        ['--rm', undefined],
        ['-p', '8080:80'],
        ['--gpus', 'all'],
        ['-e', 'A=b'],
        ['--name', 'x'],
      ],
    );
    assert.deepEqual(
      run.commandWords.map(({ raw }) => raw),
      ['serve', '-p', '9'],
    );
    assert.deepEqual(read('run', 'docker run -it -v /a:/b img').image, known('img'));
    assert.deepEqual(read('run', 'docker run -itv /a:/b img').image, known('img'));
    assert.deepEqual(read('run', 'docker run').image, absent);
  });

  it('are Compose actions with their files', () => {
    const up = read('compose', 'docker compose -f a.yml --file b.yml --profile gpu up -d --build web');
    assert.deepEqual([up.files, up.action, up.services], [['a.yml', 'b.yml'], 'up', ['web']]);
    assert.equal(read('compose', 'docker-compose --project-directory x build').projectFolder, 'x');
    assert.equal(read('compose', 'docker compose').action, undefined);
  });

  it('are bake, push, pull, tag and login', () => {
    assert.deepEqual(read('bake', 'docker buildx bake -f x.hcl --set *.platform=a app').targets, ['app']);
    assert.deepEqual(
      read('push', 'docker push -q me/app').operands.map(({ raw }) => raw),
      ['me/app'],
    );
    assert.deepEqual(
      read('tag', 'docker image tag a b:c').operands.map(({ raw }) => raw),
      ['a', 'b:c'],
    );
    const login = read('login', 'docker login -u me -p $PW registry.example.com');
    assert.deepEqual(
      login.operands.map(({ raw }) => raw),
      ['registry.example.com'],
    );
    assert.deepEqual(
      login.options.map(({ name, value }) => [name, value]),
      [
        ['-u', 'me'],
        ['-p', undefined],
      ],
    );
  });

  it('are nothing else', () => {
    for (const text of [
      'docker ps',
      'echo docker build .',
      'dockerd',
      'docker',
      'buildah from x',
      'kubectl apply',
      '',
    ]) {
      assert.deepEqual(dockerCommandsIn(text, 0, [''], ''), [], text);
    }
  });
});
