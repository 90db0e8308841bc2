import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { FindingJson, Summary } from '../../server/src/cli/findingJson';
import { folderWith, jsonOf, plimsoll } from './plimsoll';

interface Report {
  readonly version: number;
  readonly findings: readonly FindingJson[];
  readonly summary: Summary;
}

const rootImage = 'FROM python:3.12-slim\nCMD ["python", "-m", "app"]\n';
const cleanImage = 'FROM python:3.12-slim\nUSER 1000\nCMD ["python", "-m", "app"]\n';

function lintJson(args: readonly string[], cwd?: string): Report {
  return jsonOf<Report>(plimsoll(['lint', '--format', 'json', ...args], cwd === undefined ? {} : { cwd }));
}

describe('plimsoll lint', () => {
  it('prints one JSON value with exact places, relative to the folder it was given', (t) => {
    const folder = folderWith(t, { 'service/Dockerfile': rootImage });
    const ran = plimsoll(['lint', '--format', 'json', folder]);
    const { version, findings, summary } = jsonOf<Report>(ran);
    assert.equal(version, 1);
    const found = findings.find((finding) => finding.rule === 'final-stage-runs-as-root');
    assert.ok(found);
    assert.equal(found.file, 'service/Dockerfile');
    assert.deepEqual(found.range, { start: { line: 1, column: 6 }, end: { line: 1, column: 22 } });
    assert.equal(found.severity, 'warning');
    assert.equal(found.concern, 'non-root');
    assert.ok(found.aliases.includes('CKV_DOCKER_3'));
    assert.match(found.message, /starts as root/);
    assert.ok(found.why.length > 0 && found.next.length > 0);
    assert.equal(found.fix?.kind, 'derived');
    assert.equal(found.fix?.edits[0]?.file, 'service/Dockerfile');
    assert.equal(summary.files, 1);
    assert.equal(summary.warnings, findings.filter(({ severity }) => severity === 'warning').length);
    assert.equal(ran.stderr, '');
  });

  it('exits with 1 from the threshold on, and with 0 below it', (t) => {
    const folder = folderWith(t, { Dockerfile: rootImage });
    assert.equal(plimsoll(['lint', folder]).code, 1);
    assert.equal(plimsoll(['lint', folder, '--fail-on', 'error']).code, 0);
    assert.equal(plimsoll(['lint', folder, '--fail-on', 'never']).code, 0);
    assert.equal(plimsoll(['lint', folderWith(t, { Dockerfile: cleanImage })]).code, 0);
  });

  it('takes a single file as part of the current folder', (t) => {
    const folder = folderWith(t, { 'docker/Dockerfile': rootImage, Dockerfile: rootImage });
    const { findings, summary } = lintJson(['docker/Dockerfile'], folder);
    assert.deepEqual([...new Set(findings.map(({ file }) => file))], ['docker/Dockerfile']);
    assert.equal(summary.files, 1);
  });

  it('takes a file with any name for a Dockerfile when it is named', (t) => {
    const folder = folderWith(t, { 'image.recipe': rootImage });
    assert.equal(lintJson(['image.recipe'], folder).findings[0]?.file, 'image.recipe');
  });

  it('respects .gitignore, --exclude and the exclude list of the configuration', (t) => {
    const folder = folderWith(t, {
      '.gitignore': 'generated/\n',
      '.plimsoll.yaml': 'exclude: [vendor/]\n',
      'generated/Dockerfile': rootImage,
      'vendor/Dockerfile': rootImage,
      'old/Dockerfile': rootImage,
      'kept/Dockerfile': rootImage,
    });
    const { findings } = lintJson([folder, '--exclude', 'old']);
    assert.deepEqual([...new Set(findings.map(({ file }) => file))], ['kept/Dockerfile']);
  });

  it('follows the nearest configuration: severity, off, profile, threshold', (t) => {
    const folder = folderWith(t, {
      '.plimsoll.yaml': 'rules:\n  final-stage-runs-as-root: error\n',
      'a/Dockerfile': rootImage,
      'b/Dockerfile': rootImage,
      'b/.plimsoll.yaml': 'rules:\n  CKV_DOCKER_3: off\n',
    });
    const root = lintJson([folder]).findings.filter(({ rule }) => rule === 'final-stage-runs-as-root');
    assert.deepEqual(
      root.map(({ file, severity }) => `${file} ${severity}`),
      ['a/Dockerfile error'],
    );
  });

  it('silences by our comment and by those of other tools', (t) => {
    const folder = folderWith(t, {
      'ours/Dockerfile': rootImage.replace(
        'FROM',
        '# plimsoll: allow final-stage-runs-as-root -- sandboxed\nFROM',
      ),
      'theirs/Dockerfile': `# checkov:skip=CKV_DOCKER_3:sandboxed\n${rootImage}`,
    });
    assert.deepEqual(
      lintJson([folder]).findings.filter(({ rule }) => rule === 'final-stage-runs-as-root'),
      [],
    );
  });

  it('reads standard input under the name it is given', (t) => {
    const folder = folderWith(t, {});
    const ran = plimsoll(['lint', '--stdin', '--stdin-filename', 'svc/Dockerfile', '--format', 'json'], {
      cwd: folder,
      input: rootImage,
    });
    assert.equal(jsonOf<Report>(ran).findings[0]?.file, 'svc/Dockerfile');
    assert.equal(ran.code, 1);
  });

  it('limits itself to files changed since a commit, new ones included', (t) => {
    const folder = folderWith(t, { 'a/Dockerfile': rootImage, 'b/Dockerfile': rootImage });
    const git = (...args: string[]): void => {
      execFileSync('git', ['-C', folder, '-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
        stdio: 'ignore',
      });
    };
    git('init', '-q');
    git('add', '.');
    git('commit', '-qm', 'first');
    writeFileSync(join(folder, 'b/Dockerfile'), `${rootImage}# changed\n`);
    writeFileSync(join(folder, 'c.Dockerfile'), rootImage);
    const { findings } = lintJson([folder, '--changed-since', 'HEAD']);
    assert.deepEqual([...new Set(findings.map(({ file }) => file))].sort(), ['b/Dockerfile', 'c.Dockerfile']);
    const wrong = plimsoll(['lint', folder, '--changed-since', 'no-such-branch']);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /^plimsoll: Could not ask git what changed since no-such-branch\. .+\n$/);
  });

  it('prints fixes as a patch that git applies, and writes nothing', (t) => {
    const folder = folderWith(t, { Dockerfile: rootImage });
    const { stdout } = plimsoll(['lint', folder, '--fix-derived', '--diff']);
    assert.equal(readFileSync(join(folder, 'Dockerfile'), 'utf8'), rootImage);
    execFileSync('git', ['apply', '-'], { cwd: folder, input: stdout });
    assert.match(readFileSync(join(folder, 'Dockerfile'), 'utf8'), /^USER 10001$/m);
  });

  it('writes only the fixes asked for, whole, and leaves nothing beside them', (t) => {
    const folder = folderWith(t, { Dockerfile: rootImage });
    plimsoll(['lint', folder, '--fix']);
    assert.equal(readFileSync(join(folder, 'Dockerfile'), 'utf8'), rootImage);
    const { code } = plimsoll(['lint', folder, '--fix-derived']);
    assert.equal(code, 0);
    assert.deepEqual(readdirSync(folder), ['Dockerfile']);
    const once = readFileSync(join(folder, 'Dockerfile'), 'utf8');
    plimsoll(['lint', folder, '--fix-derived']);
    assert.equal(readFileSync(join(folder, 'Dockerfile'), 'utf8'), once);
  });

  it('speaks Chinese when asked, and when the locale says so', (t) => {
    const folder = folderWith(t, { Dockerfile: rootImage });
    assert.match(plimsoll(['lint', folder, '--lang', 'zh-cn']).stdout, /root/);
    assert.match(plimsoll(['lint', folder], { env: { LC_ALL: 'zh_CN.UTF-8' } }).stdout, /[\u4e00-\u9fff]/);
    assert.doesNotMatch(
      plimsoll(['lint', folder, '--lang', 'en'], { env: { LC_ALL: 'zh_CN.UTF-8' } }).stdout,
      /[\u4e00-\u9fff]/,
    );
  });
});

describe('report formats', () => {
  const formats: Readonly<Record<string, (text: string) => void>> = {
    sarif: (text) => {
      const { version, runs } = JSON.parse(text) as {
        version: string;
        runs: {
          results: {
            ruleId: string;
            ruleIndex: number;
            locations: { physicalLocation: { region: { startLine: number } } }[];
          }[];
          tool: { driver: { rules: { id: string }[] } };
        }[];
      };
      const [run] = runs;
      assert.equal(version, '2.1.0');
      for (const result of run?.results ?? [])
        assert.equal(run?.tool.driver.rules[result.ruleIndex]?.id, result.ruleId);
      assert.ok((run?.results.length ?? 0) > 0);
    },
    github: (text) =>
      assert.match(
        text,
        /^::warning file=Dockerfile,line=1,col=6,endLine=1,endColumn=22,title=final-stage-runs-as-root::/m,
      ),
    gitlab: (text) => {
      const issues = JSON.parse(text) as {
        check_name: string;
        fingerprint: string;
        location: { path: string; lines: { begin: number } };
      }[];
      assert.ok(
        issues.some(
          ({ check_name, location }) =>
            check_name === 'final-stage-runs-as-root' && location.lines.begin === 1,
        ),
      );
      assert.equal(new Set(issues.map(({ fingerprint }) => fingerprint)).size, issues.length);
    },
    checkstyle: (text) =>
      assert.match(text, /<file name="Dockerfile">\n {4}<error line="1" column="6" severity="warning"/),
    junit: (text) =>
      assert.match(text, /<testcase classname="Dockerfile" name="final-stage-runs-as-root Dockerfile:1:6">/),
  };
  for (const [format, check] of Object.entries(formats)) {
    it(format, (t) =>
      check(plimsoll(['lint', folderWith(t, { Dockerfile: rootImage }), '--format', format]).stdout),
    );
    it(`${format} of a clean project`, (t) => {
      const { code, stdout } = plimsoll([
        'lint',
        folderWith(t, { Dockerfile: cleanImage }),
        '--format',
        format,
        '--fail-on',
        'error',
      ]);
      assert.equal(code, 0);
      if (format === 'sarif' || format === 'gitlab') JSON.parse(stdout);
    });
  }
});

describe('bad input is told in one line each, and the rest is still linted', () => {
  const oneLine = /^plimsoll: [^\n]+\n$/;

  it('a path that is not there', () => {
    const { code, stdout, stderr } = plimsoll(['lint', 'no/such/folder']);
    assert.equal(code, 2);
    assert.equal(stdout, '');
    assert.match(stderr, oneLine);
    assert.match(stderr, /no\/such\/folder is not there/);
  });

  it('a wrong flag, a wrong choice, a wrong command', () => {
    for (const args of [
      ['lint', '--nope'],
      ['lint', '--format', 'xml'],
      ['lint', '--profile', 'hadolint'],
      ['nope'],
    ]) {
      const { code, stderr } = plimsoll(args);
      assert.equal(code, 2, args.join(' '));
      assert.match(stderr, oneLine);
    }
  });

  it('a binary file with a text name', (t) => {
    const folder = folderWith(t, {
      Dockerfile: rootImage,
      'requirements.txt': new Uint8Array([1, 0, 2, 0, 3]),
    });
    const { stderr, stdout } = plimsoll(['lint', folder]);
    assert.match(stderr, /^plimsoll: requirements\.txt was not read\. [^\n]*binary[^\n]*\n$/);
    assert.match(stdout, /final-stage-runs-as-root/);
  });

  it('a file of 11 MB', (t) => {
    const folder = folderWith(t, { Dockerfile: rootImage, 'requirements.txt': 'numpy\n'.repeat(1_900_000) });
    const { stderr, stdout } = plimsoll(['lint', folder]);
    assert.match(stderr, /^plimsoll: requirements\.txt was not read\. It has 11 MB[^\n]*\n$/);
    assert.match(stdout, /final-stage-runs-as-root/);
  });

  it('a file of 10 MB is read', (t) => {
    const folder = folderWith(t, { Dockerfile: `${rootImage}${'# padding\n'.repeat(950_000)}` });
    assert.match(plimsoll(['lint', folder]).stdout, /final-stage-runs-as-root/);
  });

  it('requirements that include each other', (t) => {
    const folder = folderWith(t, {
      Dockerfile: rootImage,
      'requirements.txt': '-r requirements-dev.txt\n',
      'requirements-dev.txt': '-r requirements.txt\nnumpy\n',
    });
    const { stdout, code } = plimsoll(['lint', folder]);
    assert.equal(code, 1);
    assert.match(stdout, /final-stage-runs-as-root/);
  });

  it('a configuration that is no YAML, and one with wrong values', (t) => {
    const broken = folderWith(t, { Dockerfile: rootImage, '.plimsoll.yaml': 'rules: [\n' });
    assert.match(
      plimsoll(['lint', broken]).stderr,
      /^plimsoll: \.plimsoll\.yaml is not right at line \d+\. [^\n]+\n/,
    );
    const wrong = folderWith(t, {
      Dockerfile: rootImage,
      '.plimsoll.yaml': 'profile: lax\nrules:\n  final-stage-runs-as-root: fatal\n  no-such-rule: off\n',
    });
    const { stderr, stdout } = plimsoll(['lint', wrong]);
    assert.match(stderr, /profile must be one of recommended, strict/);
    assert.match(stderr, /final-stage-runs-as-root must be one of/);
    assert.match(stderr, /names a rule that does not exist: no-such-rule/);
    assert.match(stdout, /final-stage-runs-as-root/);
  });

  it('a configuration named by --config that is not there', (t) => {
    const { code, stderr } = plimsoll(['lint', folderWith(t, {}), '--config', 'gone.yaml']);
    assert.equal(code, 2);
    assert.match(stderr, oneLine);
  });

  it('a file nobody may read', (t) => {
    const folder = folderWith(t, { Dockerfile: rootImage, 'other.Dockerfile': rootImage });
    chmodSync(join(folder, 'other.Dockerfile'), 0);
    const rootReadsAnything = process.getuid?.() === 0;
    const { stderr, stdout } = plimsoll(['lint', folder]);
    assert.match(stdout, /^Dockerfile$/m);
    if (!rootReadsAnything) assert.match(stderr, /other\.Dockerfile was not read\. You may not read it/);
    else assert.equal(stderr, '');
  });

  it('a link that leads nowhere, and one that leads to its own folder', (t) => {
    const folder = folderWith(t, { Dockerfile: rootImage });
    symlinkSync(join(folder, 'gone'), join(folder, 'requirements.txt'));
    symlinkSync(folder, join(folder, 'loop'));
    assert.ok(existsSync(join(folder, 'loop')));
    const { code, stdout } = plimsoll(['lint', folder]);
    assert.equal(code, 1);
    assert.match(stdout, /in 1 files/);
  });

  it('an empty folder', (t) => {
    const { code, stdout, stderr } = plimsoll(['lint', folderWith(t, {})]);
    assert.equal(code, 0);
    assert.match(stdout, /No findings in 0 files/);
    assert.equal(stderr, '');
  });
});
