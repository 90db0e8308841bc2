import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readEnvironmentYml } from '../../../server/src/project/dependencies/environmentYml';

const text = `name: serving
channels:
  - pytorch
  - conda-forge
dependencies:
  - python=3.11
  - numpy==1.26.4
  - conda-forge::cudatoolkit=11.8.0=h37601d7_10
  - "scipy>=1.10,<2"
  - pip
  - pip:
      - torch==2.7.0
      - -r requirements.txt
      - --extra-index-url https://download.pytorch.org/whl/cpu
      - 'uvicorn[standard]'
`;

describe('environment.yml', () => {
  it('gives channels, conda packages and what pip installs', () => {
    const read = readEnvironmentYml(text);
    assert.equal(read.problem, undefined);
    assert.deepEqual(
      read.channels.map((channel) => [channel.name, text.slice(channel.span.start, channel.span.end)]),
      [
        ['pytorch', 'pytorch'],
        ['conda-forge', 'conda-forge'],
      ],
    );
    assert.deepEqual(
      read.packages.map((one) => [
        one.name,
        text.slice(one.nameSpan.start, one.nameSpan.end),
        one.version.state === 'known' ? one.version.value : one.version.state,
        one.build,
        one.channel,
      ]),
      [
        ['python', 'python', 'absent', undefined, undefined],
        ['numpy', 'numpy', '1.26.4', undefined, undefined],
        ['cudatoolkit', 'cudatoolkit', '11.8.0', 'h37601d7_10', 'conda-forge'],
        ['scipy', 'scipy', 'absent', undefined, undefined],
        ['pip', 'pip', 'absent', undefined, undefined],
      ],
    );
    assert.deepEqual(
      read.pip.map((entry) => entry.kind),
      ['requirement', 'include', 'option', 'requirement'],
    );
    const [torch] = read.pip;
    assert.ok(torch?.kind === 'requirement');
    assert.deepEqual(
      torch.requirement.nameSpan &&
        text.slice(torch.requirement.nameSpan.start, torch.requirement.nameSpan.end),
      'torch',
    );
  });

  it('with a broken line still gives the rest, and says where it breaks', () => {
    const read = readEnvironmentYml(text.replace('  - pytorch\n', '  - "pytorch\n'));
    assert.ok(read.problem);
    const half = readEnvironmentYml('dependencies:\n  - numpy\n  - {{ torch }}\n  - scipy\n');
    assert.ok(half.packages.some((one) => one.name === 'numpy'));
  });

  for (const odd of [
    '',
    '[]',
    'dependencies: 3',
    'dependencies:\n  - 3\n  - null\n  - [a]\n',
    '- a: &x [*x]',
    '[',
    '['.repeat(60_000),
    '\ufeffname: a',
  ]) {
    it(`with ${JSON.stringify(odd.slice(0, 20))} has no packages`, () => {
      assert.deepEqual(readEnvironmentYml(odd).packages, []);
    });
  }
});
