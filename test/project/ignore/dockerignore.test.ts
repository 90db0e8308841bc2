import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildContextFiles, ignoreFileOf } from '../../../server/src/project/ignore/buildContextFiles';
import { Dockerignore } from '../../../server/src/project/ignore/dockerignore';
import { engineAnswers } from './engineAnswers';

describe('an ignore file answers as the engine does:', () => {
  for (const { ignore, heldBack, refused } of engineAnswers.answers) {
    it(JSON.stringify(ignore), () => {
      const read = new Dockerignore(ignore);
      if (refused) {
        assert.equal(read.malformed.length, 1);
        return;
      }
      assert.deepEqual(read.malformed, []);
      assert.deepEqual(
        engineAnswers.paths.filter((path) => read.ignores(path)),
        heldBack,
      );
    });
  }
});

describe('an ignore file', () => {
  it('names the line that decided', () => {
    const text = '# all\n*\n  !app/*.py  \napp/secret*\n';
    const read = new Dockerignore(text);
    const line = (path: string) => {
      const rule = read.decidedBy(path);
      return rule && text.slice(rule.span.start, rule.span.end);
    };
    assert.equal(line('README.md'), '*');
    assert.equal(line('app/main.py'), '!app/*.py');
    assert.equal(line('app/secret.py'), 'app/secret*');
    assert.equal(new Dockerignore('foo').decidedBy('bar'), undefined);
  });

  it('gives the files of the context, relative to it', () => {
    const paths = ['Dockerfile', 'svc/app.py', 'svc/data/a.bin', 'svcx/b'];
    assert.deepEqual([...buildContextFiles(paths, 'svc', new Dockerignore('data'))], ['app.py']);
    assert.deepEqual([...buildContextFiles(paths, '', undefined)], paths);
  });

  it("is the Dockerfile's own before the context's", () => {
    const has =
      (...paths: string[]) =>
      (path: string) =>
        paths.includes(path);
    assert.equal(
      ignoreFileOf('docker/Dockerfile', '', has('.dockerignore', 'docker/Dockerfile.dockerignore')),
      'docker/Dockerfile.dockerignore',
    );
    assert.equal(
      ignoreFileOf('docker/Dockerfile', 'svc', has('.dockerignore', 'svc/.dockerignore')),
      'svc/.dockerignore',
    );
    assert.equal(ignoreFileOf('docker/Dockerfile', 'svc', has('.dockerignore')), undefined);
  });

  it('answers for a pattern made to be slow, and for a path of a million segments', () => {
    const slow = new Dockerignore(`${'**/a*'.repeat(200)}b\n${'*a'.repeat(500)}b\n${'?*'.repeat(300)}c`);
    assert.equal(slow.ignores('a/'.repeat(300) + 'a'), false);
    assert.equal(slow.ignores('a'.repeat(4000)), false);
    assert.equal(new Dockerignore('**/x').ignores('a/'.repeat(20_000) + 'x'), true);
  });

  it('takes any characters for a pattern without throwing', () => {
    for (const text of [
      '(',
      '+a+',
      'a{1,2}',
      '$HOME',
      'a|b',
      '[z-a]*',
      '[\\]]*',
      '\\',
      '[[:alpha:]]*',
      '\ud800*',
      '\0*',
    ]) {
      const read = new Dockerignore(text);
      assert.equal(read.ignores('some/path'), false, text);
      assert.equal(read.decidedBy(''), undefined);
    }
  });
});
