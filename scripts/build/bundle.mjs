import { createHash } from 'node:crypto';
import { join, relative } from 'node:path';
import { build, transform } from 'esbuild';
import { dataTables, tokenizersAlone } from './plugins.mjs';

/** Loaded from node_modules, or from the editor; `../package.json` is read from where the bundle lies. */
const external = [
  'vscode',
  'onnxruntime-node',
  'sharp',
  '@img/*',
  'cpu-features',
  '*.node',
  '../package.json',
];

/**
 * Bundles one group of entries.mjs. Returns its output files, {path, text, executable}, and its metafile.
 * Names of functions are kept in node bundles: their stacks end in users' logs.
 */
export async function bundle(root, dist, group) {
  const splits = group.chunks !== undefined;
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: Object.entries(group.entries).map(([source, out]) => ({ in: source, out })),
    outdir: dist,
    bundle: true,
    platform: group.platform,
    target: group.platform === 'node' ? 'node20' : 'es2022',
    format: splits ? 'esm' : group.format,
    splitting: splits,
    chunkNames: `${group.chunks}/[name]-[hash]`,
    ...(group.platform === 'node' ? { minifySyntax: true } : { minify: true }),
    legalComments: 'none',
    metafile: true,
    write: false,
    logLevel: 'error',
    external,
    plugins: [dataTables, tokenizersAlone],
  });
  const files = splits ? await Promise.all(outputFiles.map(toCommonJs)) : outputFiles;
  const cached = group.name === 'cli';
  return { metafile, files: files.map(({ path, text }) => finish(path, text)) };

  function finish(path, text) {
    const entry = Object.values(group.entries).some((out) => join(dist, `${out}.js`) === path);
    if (!cached) return { path, text };
    if (!entry)
      return {
        path,
        text: `${text.trimEnd()}\n//${createHash('sha256').update(text).digest('hex').slice(0, 16)}\n`,
      };
    const loader = `./${relative(dist, join(dist, group.chunks))}/cachedRequire.js`;
    return {
      path,
      executable: true,
      text: `#!/usr/bin/env node\nrequire=require('${loader}').cachedRequire(__filename);\n${text}`,
    };
  }
}

/**
 * esbuild shares modules between files only in ES modules. Turned into CommonJS afterwards, each module still
 * exists once, and `import()` is a plain late `require`, which is faster than node's module loader.
 */
async function toCommonJs({ path, text }) {
  const { code } = await transform(text, {
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    minifyWhitespace: true,
    minifySyntax: true,
    supported: { 'dynamic-import': false },
  });
  return { path, text: code };
}
