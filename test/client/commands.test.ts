import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { commands } from '../../client/src/commands/commands';

interface Manifest {
  readonly contributes: {
    readonly commands: readonly {
      readonly command: string;
      readonly title: string;
      readonly icon?: string;
      readonly enablement?: string;
    }[];
    readonly menus: {
      readonly commandPalette: readonly { readonly command: string; readonly when: string }[];
    };
  };
}

const json = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));
const { contributes } = json('package.json') as Manifest;

test('the manifest contributes exactly the commands of the list, each once', () => {
  const expected = commands.map((entry) => ({
    command: `plimsoll.${entry.name}`,
    title: `%command.${entry.name}%`,
    category: 'Plimsoll',
    ...('icon' in entry ? { icon: entry.icon } : {}),
    ...('enablement' in entry ? { enablement: entry.enablement } : {}),
  }));
  assert.deepEqual(contributes.commands, expected);
  const palette = commands.flatMap((entry) =>
    'palette' in entry ? [{ command: `plimsoll.${entry.name}`, when: entry.palette }] : [],
  );
  assert.deepEqual(contributes.menus.commandPalette, palette);
});

test('a command has a file of its name, and a title that starts with a verb in English', () => {
  const titles = json('package.nls.json') as Record<string, string>;
  for (const { name } of commands) {
    assert.ok(existsSync(`client/src/commands/${name}.ts`), name);
    const verb = /^[a-z]+/.exec(name.replace(/^explain/, 'show'))?.[0] ?? '';
    assert.equal(titles[`command.${name}`]?.split(' ')[0]?.toLowerCase(), verb);
  }
});

test('what is loaded before activation returns is at most 60 kB and knows no protocol library', () => {
  interface Meta {
    readonly outputs: Record<
      string,
      {
        readonly bytes: number;
        readonly imports: readonly { path: string; kind: string }[];
        readonly inputs: Record<string, unknown>;
      }
    >;
  }
  const { outputs } = json('.build/meta/client.json') as Meta;
  const waiting = ['dist/extension.js'];
  const eager = new Set<string>();
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const output = outputs[path];
    if (!output || eager.has(path)) continue;
    eager.add(path);
    waiting.push(...output.imports.filter(({ kind }) => kind !== 'dynamic-import').map((each) => each.path));
  }
  const bytes = [...eager].reduce((sum, path) => sum + (outputs[path]?.bytes ?? 0), 0);
  assert.ok(bytes > 0 && bytes <= 60_000, `${bytes} bytes`);
  for (const path of eager) {
    assert.deepEqual(
      Object.keys(outputs[path]?.inputs ?? {}).filter((input) => input.includes('vscode-language')),
      [],
    );
  }
});
