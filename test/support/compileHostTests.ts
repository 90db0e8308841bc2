import { build } from 'esbuild';
import { join, resolve } from 'node:path';

const inBrowser = {
  mocha: join(process.cwd(), 'test/support/webMocha.ts'),
  'node:assert/strict': join(process.cwd(), 'test/support/webAssert.ts'),
};

/** Mocha's browser build takes `module.exports` for itself. */
const lastWord = {
  format: 'iife',
  globalName: 'hostTests',
  footer: { js: 'module.exports = hostTests;' },
} as const;

/**
 * Bundles Mocha files into one module that exports `run`, as the extension host expects.
 * For a browser-only host Mocha is bundled too, and node is absent.
 */
export async function compileHostTests(
  files: readonly string[],
  host: 'node' | 'web',
  outfile: string,
): Promise<void> {
  const runner = join(process.cwd(), 'test/support/hostRunner');
  const loads = files.map((file) => `require(${JSON.stringify(resolve(file))});`).join('\n');
  const contents = `import { runMocha } from ${JSON.stringify(runner)};\nexport const run = () => runMocha(() => {\n${loads}\n});\n`;
  await build({
    stdin: { contents, resolveDir: process.cwd(), sourcefile: 'hostTests.ts' },
    outfile,
    bundle: true,
    format: 'cjs',
    platform: host === 'node' ? 'node' : 'browser',
    target: 'es2022',
    sourcemap: 'inline',
    logLevel: 'error',
    ...(host === 'node'
      ? { external: ['vscode', 'mocha'] }
      : { external: ['vscode'], alias: inBrowser, ...lastWord }),
  });
}
