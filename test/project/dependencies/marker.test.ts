import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type MarkerEnvironment,
  markerHolds,
  readMarker,
} from '../../../server/src/project/dependencies/marker';

const linux: MarkerEnvironment = {
  variables: {
    python_version: '3.11',
    sys_platform: 'linux',
    platform_system: 'Linux',
    platform_machine: 'x86_64',
    os_name: 'posix',
  },
  extras: ['gpu'],
};

function holds(text: string, environment: MarkerEnvironment = linux): boolean | 'unknown' | 'broken' {
  const marker = readMarker(text, 0, 0);
  if (!marker) return 'broken';
  const answer = markerHolds(marker, environment);
  return answer.state === 'known' ? answer.value : 'unknown';
}

describe('a marker', () => {
  for (const [text, answer] of [
    ['python_version >= "3.9"', true],
    ['python_version < "3.9"', false],
    // As text, 3.9 would be newer than 3.11.
    ["'3.9' <= python_version", true],
    ['python_version == "3.11.*"', true],
    ['python_version in "3.10 3.11"', true],
    ['python_version not in "3.10 3.11"', false],
    ['sys_platform == "linux" and platform_machine != "aarch64"', true],
    ['sys_platform == "win32" or platform_machine == "x86_64"', true],
    ['(sys_platform == "win32" or os_name == "nt") and python_version > "3"', false],
    ['sys_platform == "linux" and platform_release >= "5"', 'unknown'],
    ['sys_platform == "win32" and platform_release >= "5"', false],
    ['sys_platform == "linux" or platform_release >= "5"', true],
    ['os.name == "posix"', true],
    ['extra == "GPU"', true],
    ['extra == "cpu"', false],
    ['extra != "cpu"', true],
    ["'gpu' in extras", true],
    ["'dev' in dependency_groups", 'unknown'],
    ['python_full_version >= "3.11"', true],
    ['python_full_version < "3.12"', true],
    ['python_full_version >= "3.11.4"', 'unknown'],
    ['python_full_version == "3.11.4"', 'unknown'],
    ['python_full_version != "3.10.4"', true],
    ["python_full_version == '3.11.*'", true],
  ] as const) {
    it(`${text} is ${answer}`, () => assert.equal(holds(text), answer));
  }

  it('is unknown for an extra nobody spoke of', () => {
    assert.equal(holds('extra == "gpu"', { variables: {} }), 'unknown');
  });

  for (const text of [
    '',
    'python_version',
    'python_version >=',
    '"a" == ',
    '(os_name == "a"',
    'os_name == "a")',
    'os_name == "a" and',
    'colour == "red"',
    'os_name == "a',
    `${'('.repeat(5000)}os_name == "a"${')'.repeat(5000)}`,
  ]) {
    it(`is none when it reads ${JSON.stringify(text.slice(0, 30))}`, () =>
      assert.equal(holds(text), 'broken'));
  }
});
