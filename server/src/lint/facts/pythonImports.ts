import type { Project, PythonDocument } from '../../project/project';
import type { PythonClass, PythonFunction } from '../../project/python/pythonModule';

/** Re-exports through this many packages are followed. */
const mostReexports = 4;

interface Index {
  readonly files: ReadonlyMap<string, PythonDocument>;
  /** Every folder and file name: what an import of the project's own can begin with. */
  readonly names: ReadonlySet<string>;
}

const indexes = new WeakMap<Project, Index>();

function indexOf(project: Project): Index {
  let index = indexes.get(project);
  if (!index) {
    const files = new Map(project.pythonFiles.map((document) => [document.path, document]));
    const names = new Set([...files.keys()].flatMap((path) => path.replace(/\.py$/, '').split('/')));
    index = { files, names };
    indexes.set(project, index);
  }
  return index;
}

/** The project file a dotted name comes from, and what is left of the name inside it. */
export interface ImportedFrom {
  readonly document: PythonDocument;
  readonly name: string;
}

/**
 * Looks a resolved name (`app.model.Classifier`, `.model.load`) up among the project's files, as an import in the
 * file at `from` would: next to it and in the folders above. Undefined for what is not the project's.
 */
export function importedFrom(dotted: string, from: string, project: Project): ImportedFrom | undefined {
  const { files, names } = indexOf(project);
  const level = /^\.*/.exec(dotted)?.[0].length ?? 0;
  const parts = dotted.slice(level).split('.');
  if (level === 0 && !names.has(parts[0] ?? '')) return undefined;
  let folder = from.split('/').slice(0, -1);
  const folders =
    level > 0
      ? [folder.slice(0, folder.length - (level - 1))]
      : Array.from({ length: folder.length + 1 }, () => {
          const here = folder;
          folder = folder.slice(0, -1);
          return here;
        });
  for (let length = parts.length; length > 0; length--) {
    const name = parts.slice(length).join('.');
    for (const root of folders) {
      const path = [...root, ...parts.slice(0, length)].join('/');
      const document = files.get(`${path}.py`) ?? files.get(`${path}/__init__.py`);
      if (document && document.path !== from) return { document, name };
    }
  }
  return undefined;
}

/** A function or class of the project, with the file that defines it. */
export type Definition =
  | { readonly kind: 'function'; readonly function: PythonFunction; readonly document: PythonDocument }
  | { readonly kind: 'class'; readonly class: PythonClass; readonly document: PythonDocument };

/** What a resolved name in a file means: a top-level function or class there, or one it imports from the project. */
export function definitionOf(
  name: string,
  document: PythonDocument,
  project: Project,
  depth = 0,
): Definition | undefined {
  const { module } = document;
  const defined = module.functions.find(
    (one) => one.name === name && !one.place.function && one.place.className === undefined,
  );
  if (defined) return { kind: 'function', function: defined, document };
  const made = module.classes.find((one) => one.name === name);
  if (made) return { kind: 'class', class: made, document };
  if (depth > mostReexports) return undefined;
  const imported = importedFrom(name, document.path, project);
  if (imported) {
    if (imported.name === '') return undefined;
    return definitionOf(imported.name, imported.document, project, depth + 1);
  }
  const again = module.imports
    .flatMap((one) => one.names.map((entry) => ({ entry, module: one.module })))
    .find(({ entry }) => (entry.alias ?? entry.name) === name);
  if (!again) return undefined;
  const dot = again.module.endsWith('.') ? '' : '.';
  return definitionOf(`${again.module}${dot}${again.entry.name}`, document, project, depth + 1);
}

/** Files of the project that running these files imports, they themselves first. */
export function reachedFrom(
  documents: readonly PythonDocument[],
  project: Project,
): readonly PythonDocument[] {
  const reached = new Map(documents.map((document) => [document.path, document]));
  for (const { path, module } of reached.values()) {
    for (const one of module.imports) {
      if (one.place.typeOnly) continue;
      const dot = one.module.endsWith('.') ? '' : '.';
      const names = [one.module, ...one.names.map(({ name }) => `${one.module}${dot}${name}`)];
      for (const name of names) {
        const found = importedFrom(name, path, project)?.document;
        if (found) reached.set(found.path, found);
      }
    }
  }
  return [...reached.values()];
}
