import { join } from 'node:path';
import { build } from 'esbuild';
import { dataTables, tokenizersAlone } from '../build/plugins.mjs';

/** Packages that tests use as installed. Everything else is bundled, because node 20 cannot require a module. */
const external = [
  'esbuild',
  'playwright-core',
  'mocha',
  'typescript',
  'vscode',
  'onnxruntime-node',
  'sharp',
  '*.node',
];

async function compileEntry(root, files, outfile) {
  await build({
    absWorkingDir: root,
    stdin: {
      contents: files.map((file) => `import './${file}';`).join('\n'),
      resolveDir: root,
      sourcefile: 'suite.ts',
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    sourcemap: 'inline',
    sourcesContent: false,
    logLevel: 'silent',
    external,
    plugins: [dataTables, tokenizersAlone],
  });
}

/**
 * Compiles test files into one entry, since a process per file is slow.
 * A file that does not compile is reported and left out, so that it does not hide the others.
 */
export async function compileSuite(root, files, outfile) {
  try {
    await compileEntry(root, files, outfile);
    return { compiled: files, broken: [] };
  } catch (all) {
    if (files.length === 1) return { compiled: [], broken: [{ file: files[0], error: wording(all) }] };
  }
  const broken = [];
  for (const file of files) {
    try {
      await compileEntry(root, [file], join(root, '.build/probe.cjs'));
    } catch (error) {
      broken.push({ file, error: wording(error) });
    }
  }
  const compiled = files.filter((file) => !broken.some((entry) => entry.file === file));
  if (compiled.length > 0) await compileEntry(root, compiled, outfile);
  return { compiled, broken };
}

function wording({ errors, message }) {
  if (errors === undefined) return message;
  return errors
    .map(({ text, location }) => `${location?.file ?? ''}:${location?.line ?? ''} ${text}`)
    .join('\n');
}
