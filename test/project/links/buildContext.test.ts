import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { known, unknown } from '../../../server/src/project/answer';
import { linkKindOf } from '../../../server/src/project/links/readBuilds';
import { memoryProject } from '../../support/memoryTree';
import { answerFor, contextOf } from './contextOf';

const readme = { 'README.md': '```\ndocker build -f api/Dockerfile .\n```\n' };
const compose = { 'compose.yaml': 'services:\n  api:\n    build: api\n' };
const api = { 'api/Dockerfile': '', 'api/requirements.txt': '', 'api/app/main.py': '' };

describe('the build context of a Dockerfile', () => {
  it('is what the user set, before anything else', () => {
    assert.equal(contextOf({ ...api, ...compose }, 'api/Dockerfile', { setting: '' }), '/, certain, setting');
  });

  it('is taken from Compose before a README, which makes it less sure', () => {
    assert.equal(contextOf({ ...api, ...compose }, 'api/Dockerfile'), 'api, certain, compose');
    assert.equal(contextOf({ ...api, ...compose, ...readme }, 'api/Dockerfile'), 'api, likely, compose');
    assert.deepEqual(
      answerFor({ ...api, ...compose, ...readme }, 'api/Dockerfile').alternatives.map(
        ({ origin, context }) => [origin.kind, context],
      ),
      [
        ['compose', known('api')],
        ['readme', known('')],
      ],
    );
  });

  it('is unknown when two sources of one rank disagree', () => {
    const make = { Makefile: 'b:\n\tdocker build -f api/Dockerfile .\n', 'b.sh': 'docker build api\n' };
    assert.equal(contextOf({ ...api, ...make }, 'api/Dockerfile'), 'unknown');
  });

  it('is unknown when the only source cannot be read', () => {
    const files = { ...api, 'b.sh': 'docker build -f api/Dockerfile "$CONTEXT"\n' };
    assert.equal(contextOf(files, 'api/Dockerfile', { copied: ['requirements.txt'] }), 'unknown');
  });

  it('is the folder that holds what is copied, where nobody says', () => {
    assert.equal(
      contextOf(api, 'api/Dockerfile', { copied: ['requirements.txt', 'app/'] }),
      'api, likely, folder',
    );
    assert.equal(
      contextOf(api, 'api/Dockerfile', { copied: ['api/requirements.txt', 'api/app'] }),
      '/, guess, folder',
    );
    assert.equal(
      contextOf(api, 'api/Dockerfile', { copied: ['requirements.txt', '.'] }),
      'api, likely, folder',
    );
  });

  it('is the root for a Dockerfile there, even if one copied file is missing', () => {
    const root = { Dockerfile: '', 'app.py': '' };
    assert.equal(contextOf(root, 'Dockerfile', { copied: ['app.py', 'gone.txt'] }), '/, likely, folder');
    assert.equal(contextOf(root, 'Dockerfile', { copied: ['.'] }), '/, likely, folder');
    assert.equal(contextOf(root, 'Dockerfile', { copied: ['gone.txt'] }), 'unknown');
    assert.equal(contextOf(root, 'Dockerfile'), 'unknown');
  });

  it('is unknown where nothing tells folders apart', () => {
    assert.equal(contextOf(api, 'api/Dockerfile', { copied: ['.'] }), 'unknown');
    const twins = { 'a/b/Dockerfile': '', 'a/x.txt': '', 'x.txt': '' };
    assert.equal(contextOf(twins, 'a/b/Dockerfile', { copied: ['x.txt'] }), 'unknown');
  });

  it('keeps build arguments that all sources of the rank give', () => {
    const files = {
      ...api,
      'compose.yaml':
        'services:\n  a:\n    build: {context: api, args: {A: 1, B: 2}}\n  b:\n    build: {context: api, args: {A: 1, B: 3}}\n',
    };
    const { context } = answerFor(files, 'api/Dockerfile');
    assert.ok(context.state === 'known');
    assert.deepEqual(
      [...context.value.buildArgs],
      [
        ['A', known('1')],
        ['B', unknown],
      ],
    );
  });

  it('never lies outside the project', () => {
    assert.equal(
      contextOf(
        {
          ...api,
          'compose.yaml': 'services:\n  a:\n    build: {context: .., dockerfile: x/api/Dockerfile}\n',
        },
        'api/Dockerfile',
      ),
      'unknown',
    );
    assert.equal(
      contextOf({ ...api, 'b.sh': 'docker build -f api/Dockerfile /srv\n' }, 'api/Dockerfile'),
      'unknown',
    );
  });

  it('is looked for in files of these names', () => {
    const kinds: Record<string, string | undefined> = {
      'compose.yaml': 'compose',
      'docker-bake.hcl': 'bake',
      '.github/workflows/ci.yaml': 'ci',
      '.gitlab-ci.yml': 'ci',
      Makefile: 'makefile',
      justfile: 'makefile',
      'build.sh': 'script',
      'docs/README.zh-CN.md': 'readme',
      'CHANGELOG.md': undefined,
      'values.yaml': undefined,
      'main.py': undefined,
    };
    for (const [path, kind] of Object.entries(kinds)) assert.equal(linkKindOf(path), kind, path);
  });
});

describe('the builds of a project', () => {
  it('count a command in the Dockerfile itself, behind every other source', () => {
    const dockerfile = '# docker build -f api/Dockerfile .\nFROM a\nCOPY requirements.txt .\n';
    const files = { 'api/Dockerfile': dockerfile, 'api/requirements.txt': '' };
    const { context } = memoryProject(files).contextOf('api/Dockerfile');
    assert.ok(context.state === 'known' && typeof context.value.from !== 'string');
    assert.deepEqual(
      [context.value.folder, context.value.confidence, context.value.from.kind],
      ['', 'likely', 'dockerfile-comment'],
    );
    const withCompose = memoryProject({ ...files, ...compose }).contextOf('api/Dockerfile').context;
    assert.ok(withCompose.state === 'known' && typeof withCompose.value.from !== 'string');
    assert.deepEqual([withCompose.value.folder, withCompose.value.from.kind], ['api', 'compose']);
  });
});
