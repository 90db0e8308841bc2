import assert from 'node:assert/strict';
import { test } from 'node:test';
import { render } from '../../server/src/l10n/render';
import { countsInWords } from '../../server/src/lsp/counts';
import type { Concern, Finding, Severity } from '../../server/src/protocol/finding';

function finding(concern: Concern, severity: Severity, bytes?: number): Finding {
  const at = { line: 1, column: 1 };
  const text = { template: 'text' };
  const plain = {
    file: 'Dockerfile',
    range: { start: at, end: at },
    rule: 'a-rule',
    aliases: [],
    what: text,
    why: text,
    next: text,
  };
  return { ...plain, concern, severity, ...(bytes === undefined ? {} : { bytes }) };
}

const words = (findings: readonly Finding[]): string =>
  countsInWords(findings)
    .map((message) => render(message))
    .join(' · ');

test('counts are in words, worst first, with the bytes summed', () => {
  const findings = [
    finding('size', 'warning', 4_700_000_000),
    finding('security', 'warning'),
    finding('build', 'error'),
    finding('size', 'warning', 3_100_000_000),
    finding('cache', 'info'),
    finding('non-root', 'warning'),
    finding('build', 'error'),
  ];
  assert.equal(words(findings), '2 stop the build · 3 waste 7.8 GB · 2 security');
});

test('one is said in the singular, and waste without known bytes has no number of them', () => {
  assert.equal(
    words([finding('build', 'error'), finding('cache', 'warning')]),
    '1 stops the build · 1 wastes space',
  );
});

test('what may stop a build but is no error does not count as stopping it', () => {
  assert.equal(
    words([finding('build', 'warning'), finding('start', 'warning'), finding('gpu', 'error')]),
    '1 GPU · 2 more',
  );
});

test('no findings have no words', () => {
  assert.equal(words([]), '');
});
