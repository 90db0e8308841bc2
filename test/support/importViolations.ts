import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import { importsOf, type Import, type ImportTable } from './importTable';

/** Modules that run in a browser and in any test: no node, no process, no timers. */
const pure = new Set(['project', 'onnx', 'picture', 'size', 'lint', 'protocol']);

/** The module a file belongs to: a folder of server/src, `client`, or `media`. */
export function moduleOf(path: string): string | undefined {
  return /^server\/src\/([^/]+)\//.exec(path)?.[1] ?? /^(client|media)\//.exec(path)?.[1];
}

/** Imports of one file that the table does not allow, each as a sentence. Paths are relative to the root. */
export function violations(table: ImportTable, path: string, source: string): string[] {
  const own = moduleOf(path);
  if (own === undefined) return [`${path} belongs to no module`];
  if (own !== 'protocol' && !table.has(own)) return [`${path}: the import table has no row for ${own}`];
  return importsOf(source).flatMap((found) => {
    const why = found.specifier.startsWith('.')
      ? wrongModule(table, own, path, found)
      : wrongPackage(table, own, found);
    return why === undefined ? [] : [`${path} imports ${found.specifier}: ${why}`];
  });
}

function wrongModule(
  table: ImportTable,
  own: string,
  path: string,
  { specifier, typeOnly }: Import,
): string | undefined {
  const target = posix.join(posix.dirname(path), specifier);
  // Bundles lie in dist/, so the manifest is one folder up from there.
  if (target === 'package.json' || specifier === '../package.json') return undefined;
  const module = moduleOf(`${target}/`) ?? moduleOf(target);
  if (module === undefined) return 'it is no part of the product';
  if (module === own) return otherPanel(own, path, target);
  if (module === 'protocol' && typeOnly) return undefined;
  if (module === 'lsp' && own === 'cli') {
    return path === 'server/src/cli/commands/lsp.ts' ? undefined : 'only the lsp command may import lsp';
  }
  return table.get(own)?.allows(module) ? undefined : `${own} may not import ${module}`;
}

/** Panels are pages of their own; what two of them need lies directly in media/. */
function otherPanel(own: string, path: string, target: string): string | undefined {
  if (own !== 'media') return undefined;
  const [, panel] = path.split('/');
  const [, other, ...rest] = target.split('/');
  return rest.length === 0 || other === panel ? undefined : `panel ${panel} may not import panel ${other}`;
}

function wrongPackage(table: ImportTable, own: string, { specifier, typeOnly }: Import): string | undefined {
  if (specifier.startsWith('node:') || isBuiltin(specifier))
    return pure.has(own) ? `${own} is pure and may not use node` : undefined;
  const dependency = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  const owned = table.get(own)?.packages ?? [];
  // vscode-languageserver comes as a family: -types, -protocol, -textdocument.
  const allowed = owned.some(
    (name) =>
      name === dependency || (name.startsWith('vscode-language') && dependency.startsWith(`${name}-`)),
  );
  if (allowed) return undefined;
  const owners = [...table]
    .filter(([, { packages }]) => packages.includes(dependency))
    .map(([module]) => module);
  if (owners.length === 0) return `no module owns ${dependency}; name its owner in docs/dependencies.md`;
  return `${dependency} is owned by ${owners.join(', ')}${typeOnly ? ', its types too' : ''}`;
}
