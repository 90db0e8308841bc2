import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, it } from 'node:test';
import { importsOf, readImportTable } from './support/importTable';
import { moduleOf, violations } from './support/importViolations';

const sources = ['server/src', 'client/src', 'media']
  .flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => posix.join(folder, path)),
  )
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
  .map((path) => ({ path, text: readFileSync(path, 'utf8') }));

const owners = [
  ...readFileSync('docs/dependencies.md', 'utf8').matchAll(/^\| ([^|]+) \| [^|]+ \| ([^|]+) \|/gm),
].flatMap(([, packages = '', modules = '']) =>
  packages.split(', ').flatMap((name) => modules.split(', ').map((module) => ({ name, module }))),
);
const table = readImportTable(readFileSync('docs/architecture.md', 'utf8'), owners);

describe('the import table of docs/architecture.md', () => {
  it('names every module that exists', () => {
    const modules = new Set(sources.map(({ path }) => moduleOf(path)));
    assert.deepEqual(
      [...modules].filter((module) => module !== undefined && module !== 'protocol' && !table.has(module)),
      [],
    );
  });

  it('is kept by every source file', () => {
    assert.deepEqual(
      sources.flatMap(({ path, text }) => violations(table, path, text)),
      [],
    );
  });

  it('keeps node out of everything that the web worker loads', () => {
    assert.deepEqual(nodeImportsBelow('server/src/lsp/web.ts'), []);
  });
});

/** Follows imports from a file, and tells each import of node or of the disk module on the way. */
function nodeImportsBelow(entry: string): string[] {
  const texts = new Map(sources.map(({ path, text }) => [path, text]));
  const seen = new Set<string>();
  const found: string[] = [];
  const queue = texts.has(entry) ? [entry] : [];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    for (const { specifier, typeOnly } of importsOf(texts.get(path) ?? '')) {
      if (typeOnly) continue;
      if (specifier.startsWith('node:')) found.push(`${path} imports ${specifier}`);
      const target = posix.join(posix.dirname(path), specifier);
      if (specifier.startsWith('.') && moduleOf(`${target}.ts`) === 'disk')
        found.push(`${path} imports ${specifier}`);
      if (specifier.startsWith('.') && texts.has(`${target}.ts`)) queue.push(`${target}.ts`);
    }
  }
  return found;
}

describe('the import check', () => {
  const planted = (path: string, text: string) => violations(table, path, text);

  it('finds an import of a module that the row does not name', () => {
    assert.deepEqual(planted('server/src/lint/rules/x.ts', "import { walk } from '../../disk/walk';"), [
      'server/src/lint/rules/x.ts imports ../../disk/walk: lint may not import disk',
    ]);
  });

  it('allows an import of a module that the row names', () => {
    assert.deepEqual(
      planted('server/src/lint/rules/x.ts', "import { readProject } from '../../project/readProject';"),
      [],
    );
  });

  it('finds node in a pure module, also by require and by a late import', () => {
    for (const text of [
      "import fs from 'fs';",
      "const { join } = require('node:path');",
      "const os = await import('node:os');",
    ]) {
      assert.equal(planted('server/src/project/x.ts', text).length, 1, text);
    }
  });

  it('allows node in a module that is not pure', () => {
    assert.deepEqual(planted('server/src/disk/x.ts', "import fs from 'node:fs';"), []);
  });

  it('allows types of the protocol everywhere, and its values only where the row names it', () => {
    assert.deepEqual(
      planted('media/panel/x.ts', "import type { Problem } from '../../server/src/protocol/problem';"),
      [],
    );
    assert.equal(
      planted('media/panel/x.ts', "import { methods } from '../../server/src/protocol/methods';").length,
      1,
    );
    assert.deepEqual(
      planted('client/src/x.ts', "import { methods } from '../../server/src/protocol/methods';"),
      [],
    );
  });

  it('finds a package that another module owns, and one that nobody owns', () => {
    assert.match(
      planted('server/src/lint/x.ts', "import { parse } from 'yaml';")[0] ?? '',
      /yaml is owned by project/,
    );
    assert.match(
      planted('server/src/lint/x.ts', "import _ from 'lodash/fp';")[0] ?? '',
      /no module owns lodash/,
    );
  });

  it('finds an import over several lines, and one that only forwards', () => {
    assert.equal(planted('server/src/size/x.ts', "import {\n  a,\n  b,\n} from '../lint/lint';").length, 1);
    assert.equal(planted('server/src/size/x.ts', "export { a } from '../lint/lint';").length, 1);
  });

  it('lets only the lsp command of the command line import the language server', () => {
    const text = "const door = await import('../../lsp/node');";
    assert.deepEqual(planted('server/src/cli/commands/lsp.ts', text), []);
    assert.equal(planted('server/src/cli/commands/lint.ts', text).length, 1);
  });

  it('finds a panel that imports another panel', () => {
    assert.equal(planted('media/model/x.ts', "import { draw } from '../layers/draw';").length, 1);
  });

  it('ignores comments and text that look like imports', () => {
    const text =
      "// import 'node:fs';\n/* import 'node:fs'; */\nconst shown = `\nimport os from 'node:os'\n`;\nconst url = 'https://x'; // require('node:fs')\n";
    assert.deepEqual(planted('server/src/project/x.ts', text), []);
  });
});
