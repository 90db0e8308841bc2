import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rules } from '../../server/src/lint/rules';
import { jsonOf, plimsoll } from './plimsoll';

describe('plimsoll', () => {
  it('lists its commands, and every command explains itself', () => {
    const { code, stdout } = plimsoll(['--help']);
    assert.equal(code, 0);
    const commands = [...stdout.matchAll(/^ {2}([a-z]+) /gm)].map((match) => match[1] ?? '');
    assert.ok(commands.includes('lint') && commands.includes('doctor'));
    for (const command of commands) {
      const help = plimsoll([command, '--help']);
      assert.equal(help.code, 0, command);
      assert.match(help.stdout, new RegExp(`Usage: plimsoll ${command}`));
    }
  });

  it('says its version', () => {
    assert.match(plimsoll(['--version']).stdout, /^\d+\.\d+\.\d+\n$/);
  });

  it('rules lists every rule with what the contract promises', () => {
    const listed = jsonOf<{
      version: number;
      rules: {
        name: string;
        concern: string;
        severity: string;
        summary: string;
        aliases: string[];
        profiles: string[];
      }[];
    }>(plimsoll(['rules', '--format', 'json']));
    assert.equal(listed.version, 1);
    assert.deepEqual(
      listed.rules.map(({ name }) => name),
      rules.map(({ name }) => name),
    );
    for (const { concern, severity, summary, aliases, profiles } of listed.rules) {
      assert.ok(concern && severity && summary);
      assert.ok(Array.isArray(aliases) && profiles.length > 0);
    }
  });

  it('explain shows an example for every rule, by its name or by a foreign code', () => {
    for (const { name } of rules) {
      const { code, stdout } = plimsoll(['explain', name, '--format', 'json']);
      assert.equal(code, 0);
      const explained = JSON.parse(stdout) as {
        name: string;
        why: string;
        next: string;
        sources: string[];
        examples: { before: string }[];
      };
      assert.equal(explained.name, name);
      assert.ok(explained.examples.length > 0 && explained.sources.length > 0, name);
    }
    assert.match(plimsoll(['explain', 'DS-0002']).stdout, /^final-stage-runs-as-root/);
    assert.equal(plimsoll(['explain', 'no-such-rule']).code, 2);
    assert.equal(plimsoll(['explain']).code, 2);
  });

  it('doctor answers every check, and what is not well says what to do', () => {
    const { version, checks } = jsonOf<{
      version: number;
      checks: { name: string; ok: boolean; what?: string; next?: string }[];
    }>(plimsoll(['doctor', '--format', 'json']));
    assert.equal(version, 1);
    assert.deepEqual(checks.map(({ name }) => name).sort(), [
      'buildx',
      'disk',
      'editors',
      'engine',
      'gpu',
      'models',
      'node',
    ]);
    for (const { name, ok, what, next } of checks) if (!ok) assert.ok(what && next, name);
  });

  it('lsp without a transport says how to call it', () => {
    const { code, stderr } = plimsoll(['lsp']);
    assert.equal(code, 2);
    assert.match(stderr, /--stdio/);
  });
});
