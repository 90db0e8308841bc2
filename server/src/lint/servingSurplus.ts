import gui from './data/guiPackages.json';
import imports from './data/importNames.json';
import training from './data/trainingPackages.json';

export interface SurplusPackage {
  readonly name: string;
  /** `notebook`, `experiment`, `training`, `plot`, `test`, `lint`, `docs`. */
  readonly kind: string;
  /** Installed, with what it is known to bring; undefined where nobody measured. */
  readonly bytes: number | undefined;
}

/** A package of training, plotting, testing or notebooks; undefined for any other. */
export function surplusPackage(name: string): SurplusPackage | undefined {
  const row = training.rows.find((candidate) => candidate.package === name);
  if (!row) return undefined;
  const brought = 'brings' in row ? (row.brings ?? []) : [];
  const sizes = [row.size, ...brought.map(({ size }) => size)].map((size) => size?.installedBytes);
  const bytes = sizes.every((size) => size !== undefined)
    ? sizes.reduce((sum, size) => sum + size, 0)
    : undefined;
  return { name, kind: row.kind, bytes };
}

export interface GuiPackage {
  readonly instead: string;
  /** Installed bytes saved; undefined where nobody measured. */
  readonly bytes: number | undefined;
}

/** A build with a window toolkit that has a twin without one. */
export function guiPackage(name: string): GuiPackage | undefined {
  const row = gui.rows.find((candidate) => candidate.package === name);
  if (!row || !('instead' in row) || row.instead === undefined) return undefined;
  const saved =
    row.size && row.insteadSize ? row.size.installedBytes - row.insteadSize.installedBytes : undefined;
  return { instead: row.instead, bytes: saved };
}

/** Modules that importing the package may mean. */
export function modulesOf(name: string): readonly string[] {
  const named = Object.entries(imports.rows as Readonly<Record<string, readonly string[]>>).flatMap(
    ([module, packages]) => (packages.includes(name) ? [module] : []),
  );
  return [name.replaceAll('-', '_'), ...named];
}
