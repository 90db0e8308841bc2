import type { PythonImport } from './pythonModule';

/** What the names a module imports stand for. */
export class ImportNames {
  private readonly meanings = new Map<string, string>();

  constructor(imports: readonly PythonImport[]) {
    for (const { module, names, alias } of imports) {
      if (names.length === 0) {
        if (alias !== undefined) this.meanings.set(alias, module);
        continue;
      }
      const prefix = module.endsWith('.') ? module : `${module}.`;
      for (const imported of names) {
        if (imported.name !== '*') this.meanings.set(imported.alias ?? imported.name, prefix + imported.name);
      }
    }
  }

  resolve(name: string): string {
    return this.meanings.get(name) ?? name;
  }
}
