/** One import of a source file. */
export interface Import {
  specifier: string;
  typeOnly: boolean;
}

export interface ImportRule {
  /** Modules that this module may import values from. */
  allows(module: string): boolean;
  packages: string[];
}

export type ImportTable = Map<string, ImportRule>;

const statement =
  /^[ \t]*(?:import|export)\s+(type\s+(?!from\b|,))?(?:[\w*${},\s]+?\sfrom\s+)?(['"])([^'"\n]+)\2/gm;
const call = /\b(?:import|require)\(\s*(['"])([^'"\n]+)\1\s*\)/g;
/** Comments, and the strings and templates in which `//` is no comment. */
const commentOrText =
  /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g;

/** Every import, export-from, `import()` and `require()` of a TypeScript source. */
export function importsOf(source: string): Import[] {
  const code = source.replace(commentOrText, (text) =>
    text.startsWith('/') ? ' ' : text.startsWith('`') ? '``' : text,
  );
  const statements = [...code.matchAll(statement)].map(([, type, , specifier = '']) => ({
    specifier,
    typeOnly: type !== undefined,
  }));
  const calls = [...code.matchAll(call)].map(([, , specifier = '']) => ({ specifier, typeOnly: false }));
  return [...statements, ...calls];
}

/** A package that a module may import. */
export interface Owner {
  name: string;
  module: string;
}

/** Reads the table "Who may import whom" of docs/architecture.md. `owners` come beside its own. */
export function readImportTable(markdown: string, owners: readonly Owner[]): ImportTable {
  const [, section = ''] = markdown.split(/^## Who may import whom.*$/m);
  const rows =
    section
      .split(/^## /m)[0]
      ?.match(/^\|.*\|$/gm)
      ?.slice(2) ?? [];
  const table: ImportTable = new Map();
  for (const row of rows) {
    const [, names = '', allowed = '', packages = ''] = row.split('|').map((cell) => cell.trim());
    for (const name of namesIn(names.replace('media/(panel)', 'media'))) {
      const further = owners.filter(({ module }) => module === name).map((owner) => owner.name);
      table.set(name, { allows: allowance(allowed), packages: [...namesIn(packages), ...further] });
    }
  }
  return table;
}

function allowance(cell: string): (module: string) => boolean {
  const everythingBut = /^everything but ([^;(]*)/.exec(cell);
  if (everythingBut?.[1] !== undefined) {
    const excluded = namesIn(everythingBut[1]);
    // The exception that the cell's brackets make is a rule about one file; see `lsp` below.
    return (module) => !excluded.includes(module);
  }
  const named = cell.startsWith('types of') ? [] : namesIn(cell);
  return (module) => named.includes(module);
}

function namesIn(cell: string): string[] {
  return cell
    .replace(/\([^)]*\)/g, '')
    .split(/[,;:]/)
    .map((name) => name.trim())
    .filter((name) => /^[@\w][\w@/.-]*$/.test(name));
}
