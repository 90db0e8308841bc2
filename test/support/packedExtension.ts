import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

interface Packager {
  readonly packageAll: (out: string) => Promise<{ readonly universal: string }>;
}

/** The VSIX that users install, made of the working tree into `out`. */
export async function packedExtension(out: string): Promise<string> {
  const script = pathToFileURL(join(process.cwd(), 'scripts/package.mjs')).href;
  const { packageAll } = (await import(script)) as Packager;
  return (await packageAll(out)).universal;
}
