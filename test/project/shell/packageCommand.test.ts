import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { packageCommand } from '../../../server/src/project/shell/packageCommand';
import { noVariables, parseShell } from '../../../server/src/project/shell/parseShell';

/** Every package command of a script, in one line each: `pip install: a, b; files r.txt; local .`. */
function asked(script: string): readonly string[] {
  return parseShell(script, 0, noVariables).commands.flatMap((command) => {
    const found = packageCommand(command);
    if (!found) return [];
    const raw = (words: readonly { readonly raw: string }[]): string =>
      words.map((word) => word.raw).join(', ');
    const parts = [
      `${found.manager} ${found.action}: ${raw(found.packages)}`.trim(),
      ...(found.requirementFiles.length > 0 ? [`files ${raw(found.requirementFiles)}`] : []),
      ...(found.localSources.length > 0 ? [`local ${raw(found.localSources)}`] : []),
    ];
    return [parts.join('; ')];
  });
}

describe('packageCommand', () => {
  it('tells packages, requirement files and local projects of pip apart', () => {
    assert.deepEqual(
      asked('pip install torch==2.1 "uvicorn[standard]" -r a.txt -c b.txt . ./pkg[dev] dist/x.whl'),
      ['pip install: torch==2.1, "uvicorn[standard]"; files a.txt, b.txt; local ., ./pkg[dev], dist/x.whl'],
    );
  });
  it('takes the value out of -rfile and --requirement=file', () => {
    assert.deepEqual(asked('pip install -ra.txt --requirement=b.txt'), ['pip install:; files a.txt, b.txt']);
  });
  it('takes an editable URL for a package and an editable folder for local', () => {
    assert.deepEqual(asked('pip install -e . -e git+https://x/y.git@v1#egg=y'), [
      'pip install: git+https://x/y.git@v1#egg=y; local .',
    ]);
  });
  it('does not take option values for packages', () => {
    assert.deepEqual(
      asked(
        'pip install --index-url https://a/b --root-user-action ignore --progress-bar off --no-binary :all: x',
      ),
      ['pip install: x'],
    );
    assert.deepEqual(asked('apt-get -o Acquire::Retries=3 -t bookworm-backports -qy install curl=7.*'), [
      'apt install: curl=7.*',
    ]);
    assert.deepEqual(asked('apt-get -q=2 -yt sid install curl'), ['apt install: curl']);
    assert.deepEqual(asked('dnf -y --nobest --setopt=tsflags=nodocs install git'), ['dnf install: git']);
  });
  it('knows pip by its many names', () => {
    const names = [
      'pip3.11 install x',
      'python3 -m pip install x',
      'python -u -m pip install x',
      '/opt/venv/bin/pip install x',
      '"$VENV"/bin/pip install x',
      'sudo -H pip install x',
      'env A=1 pip install x',
      'conda run -n ml --no-capture-output pip install x',
      'poetry run pip install x',
    ];
    for (const name of names) assert.deepEqual(asked(name), ['pip install: x'], name);
  });
  it('reads pip behind xargs as an install of unknown packages', () => {
    assert.deepEqual(asked('cat r.txt | xargs -n 1 pip install'), ['pip install:']);
  });
  it('keeps apart what uv installs and syncs', () => {
    assert.deepEqual(asked('uv pip install -n --system -r a.txt httpx'), ['uv install: httpx; files a.txt']);
    assert.deepEqual(asked('uv pip sync a.txt'), ['uv install:; files a.txt']);
    assert.deepEqual(asked('uv sync --frozen --no-dev --extra gpu -p 3.12'), ['uv install:']);
    assert.deepEqual(asked('uv tool install ruff'), ['uv install: ruff']);
    assert.deepEqual(asked('uv cache prune'), ['uv clean:']);
    assert.deepEqual(asked('uv venv'), ['uv other:']);
  });
  it('reads conda, its relatives and two-word actions', () => {
    assert.deepEqual(asked('conda env create -n x -f environment.yml'), [
      'conda install:; files environment.yml',
    ]);
    assert.deepEqual(asked('mamba install -c conda-forge -y numpy=1.26'), ['conda install: numpy=1.26']);
    assert.deepEqual(asked('conda clean -afy'), ['conda clean:']);
    assert.deepEqual(asked('dnf group install "Development Tools"'), ['dnf install: "Development Tools"']);
  });
  it('reads clean-ups of the system managers', () => {
    assert.deepEqual(asked('apt-get dist-clean; apt-get distclean; apt-get -y autoremove --purge gcc'), [
      'apt clean:',
      'apt clean:',
      'apt remove: gcc',
    ]);
    assert.deepEqual(asked('apk add --no-cache --virtual .b gcc; apk del .b'), [
      'apk install: gcc',
      'apk remove: .b',
    ]);
    assert.deepEqual(asked('pacman -Syu --noconfirm git && pacman -Scc'), [
      'pacman install: git',
      'pacman clean:',
    ]);
  });
  it('takes package files of system managers for local files', () => {
    assert.deepEqual(asked('apt-get install -y ./a.deb /tmp/b.deb curl'), [
      'apt install: curl; local ./a.deb, /tmp/b.deb',
    ]);
    assert.deepEqual(asked('yum install -y https://host/x.rpm'), ['dnf install: https://host/x.rpm']);
  });
  it('knows that yarn alone installs, and yarn --version does not', () => {
    assert.deepEqual(asked('yarn; yarn --frozen-lockfile; yarn --version; npm i'), [
      'npm install:',
      'npm install:',
      'npm other:',
      'npm install:',
    ]);
  });
  it('leaves other programs alone', () => {
    assert.deepEqual(asked('python setup.py install; make install; echo pip install x'), []);
  });
});
