import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { known } from '../../../server/src/project/answer';
import { dockerfileCommentBuilds } from '../../../server/src/project/links/readmeCommands';
import { SourceText } from '../../../server/src/project/sourceText';
import { buildsOf, contextOf } from './contextOf';

const docker = { 'app/Dockerfile': '', 'docker/Dockerfile': '', 'app/main.py': '' };

describe('build contexts in shell scripts', () => {
  const script = (text: string, path = 'scripts/build.sh'): typeof docker => ({ ...docker, [path]: text });

  it('are tried from the root, the script folder and the one above', () => {
    assert.equal(
      contextOf(script('docker build -t x -f docker/Dockerfile .\n'), 'docker/Dockerfile'),
      '/, likely, script',
    );
    assert.equal(contextOf(script('docker build ../app\n'), 'app/Dockerfile'), 'app, likely, script');
  });

  it('follow cd, pushd and subshells', () => {
    assert.equal(
      contextOf(script('cd app || exit 1\ndocker build .\n'), 'app/Dockerfile'),
      'app, likely, script',
    );
    assert.equal(
      contextOf(script('(cd docker && ls)\ndocker build -f app/Dockerfile .\n'), 'app/Dockerfile'),
      '/, likely, script',
    );
    assert.equal(
      contextOf(script('(cd app && docker buildx build --push .)\n'), 'app/Dockerfile'),
      'app, likely, script',
    );
    assert.equal(
      contextOf(script('pushd docker\nls\npopd\ndocker build app\n'), 'app/Dockerfile'),
      'app, likely, script',
    );
    assert.equal(contextOf(script('cd "$1"\ndocker build app\n'), 'app/Dockerfile'), 'unknown');
  });

  it('know the spellings of the script folder and the root', () => {
    for (const line of [
      'cd "$(dirname "$0")/.."',
      'cd "$(dirname "${BASH_SOURCE[0]}")" && cd ..',
      'ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"\ncd "$ROOT"',
      'cd $(git rev-parse --show-toplevel)',
      'HERE=$(realpath "$(dirname "$0")")\ncd "$HERE/../"',
    ]) {
      assert.equal(
        contextOf(script(`${line}\ndocker build -f docker/Dockerfile app\n`), 'docker/Dockerfile'),
        'app, likely, script',
        line,
      );
    }
    const direct =
      'DIR="$(cd "$(dirname "${BASH_SOURCE[0]}")" >/dev/null 2>&1 && pwd)"\ndocker build -f "$DIR/../docker/Dockerfile" "$DIR/.."\n';
    assert.equal(contextOf(script(direct), 'docker/Dockerfile'), '/, likely, script');
  });

  it('take variables the script sets', () => {
    assert.equal(
      contextOf(
        script('F=docker/Dockerfile\nTAG=$(date)\ndocker build -t "me/x:$TAG" -f "$F" --build-arg A=1 .\n'),
        'docker/Dockerfile',
      ),
      '/, likely, script',
    );
    assert.equal(
      contextOf(script('docker build $OPTS -f docker/Dockerfile .\n'), 'docker/Dockerfile'),
      '/, likely, script',
    );
  });

  it('take podman, buildah and kaniko', () => {
    assert.equal(contextOf(script('podman build app'), 'app/Dockerfile'), 'app, likely, script');
    assert.equal(
      contextOf(script('buildah bud -f docker/Dockerfile .'), 'docker/Dockerfile'),
      '/, likely, script',
    );
    assert.equal(
      contextOf(
        script('/kaniko/executor --context "$CI_PROJECT_DIR" --dockerfile $CI_PROJECT_DIR/docker/Dockerfile'),
        'docker/Dockerfile',
      ),
      '/, likely, script',
    );
  });

  it('point at the command', () => {
    const text = '#!/bin/sh\nset -e\ndocker build app  # here\n';
    const [build] = buildsOf(script(text));
    assert.equal(text.slice(build?.origin.span.start, build?.origin.span.end), 'docker build app');
  });
});

describe('build contexts in Makefiles', () => {
  it('are relative to the Makefile, with its variables filled in', () => {
    const make =
      'IMAGE ?= me/app\nFILE := docker/Dockerfile\nDOCKER = docker\n\nbuild:\n\t@$(DOCKER) build -t $(IMAGE):$(shell date) \\\n\t  -f $(FILE) .\n';
    assert.equal(contextOf({ ...docker, Makefile: make }, 'docker/Dockerfile'), '/, certain, makefile');
    const [build] = buildsOf({ ...docker, Makefile: make });
    assert.match(
      make.slice(build?.origin.span.start, build?.origin.span.end),
      /^@\$\(DOCKER\) build[\s\S]*\$\(FILE\) \.$/,
    );
  });

  it('run each line in a shell of its own', () => {
    const make = 'a:\n\tcd docker\n\tdocker build app\nb:\n\tcd docker && docker build ../app\n';
    assert.deepEqual(
      buildsOf({ ...docker, Makefile: make }).map(({ context }) => context),
      [known('app'), known('app')],
    );
  });

  it('are read below a folder too', () => {
    assert.equal(
      contextOf(
        { ...docker, 'app/Makefile': 'x:\n\tdocker build -f Dockerfile $(CURDIR)/..\n' },
        'app/Dockerfile',
      ),
      '/, certain, makefile',
    );
  });
});

describe('build contexts in READMEs', () => {
  it('are read from code blocks, prompts and all', () => {
    const readme =
      '# App\n\n```bash\n$ git clone x\n$ docker build -t app -f docker/Dockerfile .\nSuccessfully built\n```\n';
    assert.equal(contextOf({ ...docker, 'README.md': readme }, 'docker/Dockerfile'), '/, likely, readme');
  });

  it('take the README folder before the root', () => {
    assert.equal(
      contextOf({ ...docker, 'app/README.md': '```\ndocker build .\n```\n' }, 'app/Dockerfile'),
      'app, likely, readme',
    );
    assert.equal(
      contextOf(
        { ...docker, 'app/README.md': '```\ndocker build -f app/Dockerfile .\n```\n' },
        'app/Dockerfile',
      ),
      '/, likely, readme',
    );
  });

  it('take Windows blocks and indented fences', () => {
    assert.equal(
      contextOf(
        {
          ...docker,
          'README.md': '1. do\n   ```powershell\n   PS C:\\x> docker build -f docker\\Dockerfile .\n   ```\n',
        },
        'docker/Dockerfile',
      ),
      '/, likely, readme',
    );
  });

  it('leave other languages and prose alone', () => {
    assert.deepEqual(
      buildsOf({ ...docker, 'README.md': 'run docker build app\n```python\n# docker build app\n```\n```' }),
      [],
    );
  });

  it('are read from a Dockerfile comment', () => {
    const source = new SourceText(
      'docker/Dockerfile',
      '# Build it: `docker build -f docker/Dockerfile -t x .`\nFROM a\n# docker is built\n',
    );
    const builds = dockerfileCommentBuilds(source);
    assert.deepEqual(
      builds.map(({ context, folders }) => [context, folders]),
      [[known('.'), ['', 'docker']]],
    );
  });
});
