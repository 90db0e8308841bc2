import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';

/** The rules, the spec reader and the renderer, compiled from their sources. */
export async function loadRules(root) {
  const out = join(root, '.build', `generate-${process.pid}.cjs`);
  await build({
    stdin: {
      contents: `export { rules } from './server/src/lint/rules';
        export { readRuleSpec } from './test/support/ruleSpec';
        export { render } from './server/src/l10n/render';`,
      resolveDir: root,
      loader: 'ts',
    },
    outfile: out,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'error',
  });
  try {
    return createRequire(import.meta.url)(out);
  } finally {
    rmSync(out, { force: true });
  }
}
