import table from './data/musl.json';

/**
 * How pip gets a package on a musl system such as Alpine: a `wheel` for it, a `pure` one, a `build` from source, or
 * `none` of these. Undefined for packages nobody listed. As of the table's date, for the newest version.
 */
export function muslWheel(name: string): 'wheel' | 'pure' | 'build' | 'none' | undefined {
  const packages = table.packages as Readonly<Record<string, { readonly musl: string }>>;
  const row = Object.hasOwn(packages, name) ? packages[name] : undefined;
  return row?.musl as 'wheel' | 'pure' | 'build' | 'none' | undefined;
}
