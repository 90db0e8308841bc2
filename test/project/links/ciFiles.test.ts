import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { known } from '../../../server/src/project/answer';
import { buildsOf, contextOf } from './contextOf';

const docker = { Dockerfile: '', 'api/Dockerfile': '', 'worker/Dockerfile': '', 'docker/Dockerfile.gpu': '' };
const workflow = (steps: string, job = ''): string =>
  `on: push\njobs:\n  build:\n    runs-on: ubuntu-latest\n${job}    steps:\n${steps}`;
const path = '.github/workflows/build.yml';

describe('build contexts in CI files', () => {
  it('are read from docker/build-push-action', () => {
    const text = workflow(
      '      - uses: docker/build-push-action@v6\n        with:\n          context: .\n          file: ./docker/Dockerfile.gpu\n          target: serve\n          build-args: |\n            CUDA=12.4\n          secrets: |\n            "x=y"\n            hf_token=${{ secrets.HF }}\n          platforms: linux/amd64,linux/arm64\n',
    );
    const files = { ...docker, [path]: text };
    assert.equal(contextOf(files, 'docker/Dockerfile.gpu'), '/, certain, ci');
    const [build] = buildsOf(files);
    assert.deepEqual(build?.target, known('serve'));
    assert.deepEqual([...(build?.buildArgs ?? [])], [['CUDA', known('12.4')]]);
    assert.deepEqual(build?.platforms, known(['linux/amd64', 'linux/arm64']));
    assert.equal(text.slice(build?.origin.span.start, build?.origin.span.end), 'docker/build-push-action@v6');
  });

  it('are the root when the action names none', () => {
    assert.equal(
      contextOf(
        {
          ...docker,
          [path]: workflow('      - uses: docker/build-push-action@v6\n        with: {push: true}\n'),
        },
        'Dockerfile',
      ),
      '/, certain, ci',
    );
  });

  it('take the values of a matrix', () => {
    const list = workflow(
      '      - uses: docker/build-push-action@v6\n        with:\n          context: ${{ matrix.app }}\n',
      '    strategy:\n      matrix:\n        app: [api, worker]\n',
    );
    assert.equal(contextOf({ ...docker, [path]: list }, 'worker/Dockerfile'), 'worker, certain, ci');
    const include = workflow(
      '      - uses: docker/build-push-action@v6\n        with:\n          context: .\n          file: ${{ matrix.image.file }}\n',
      '    strategy:\n      matrix:\n        image:\n          - {name: a, file: api/Dockerfile}\n          - {name: b, file: docker/Dockerfile.gpu}\n',
    );
    assert.equal(contextOf({ ...docker, [path]: include }, 'docker/Dockerfile.gpu'), '/, certain, ci');
    assert.equal(contextOf({ ...docker, [path]: include }, 'api/Dockerfile'), '/, certain, ci');
  });

  it('take commands of run, in their working directory', () => {
    assert.equal(
      contextOf(
        {
          ...docker,
          [path]: workflow('      - run: |\n          docker build -t x .\n        working-directory: api\n'),
        },
        'api/Dockerfile',
      ),
      'api, certain, ci',
    );
    assert.equal(
      contextOf(
        {
          ...docker,
          [path]: workflow('      - run: docker build -t x:${{ github.sha }} $GITHUB_WORKSPACE/api\n'),
        },
        'api/Dockerfile',
      ),
      'api, certain, ci',
    );
    assert.equal(
      contextOf(
        { ...docker, [path]: workflow('      - run: docker build -f api/Dockerfile ${{ inputs.dir }}\n') },
        'api/Dockerfile',
      ),
      'unknown',
    );
  });

  it('are read from GitLab scripts, a cd holding for the lines after it', () => {
    const text =
      'build:\n  image: docker:27\n  script:\n    - docker login -u "$U" --password-stdin\n    - cd api\n    - docker build -t "$CI_REGISTRY_IMAGE" .\n';
    const files = { ...docker, '.gitlab-ci.yml': text };
    assert.equal(contextOf(files, 'api/Dockerfile'), 'api, certain, ci');
    const [build] = buildsOf(files);
    assert.equal(
      text.slice(build?.origin.span.start, build?.origin.span.end),
      'docker build -t "$CI_REGISTRY_IMAGE" .',
    );
  });

  it('survive anything', () => {
    for (const text of [
      'docker',
      'docker: [',
      '- docker\n- {',
      'jobs: docker\n\t',
      `${'- '.repeat(3000)}docker`,
    ]) {
      assert.deepEqual(buildsOf({ ...docker, [path]: text }), [], text.slice(0, 20));
    }
  });
});
