import { readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
/** Above this a JSON table is parsed by JSON.parse, which is about twice as fast as a JavaScript literal. */
const bigJsonBytes = 20_000;

/** Packages that PURE code owns see posix paths on every system; see posixPath.js. */
export const posixPath = {
  name: 'posix-path',
  setup(build) {
    build.onResolve({ filter: /^(node:)?path$/ }, ({ importer }) =>
      importer.includes(`${sep}@balena${sep}dockerignore${sep}`)
        ? { path: join(here, 'posixPath.js') }
        : undefined,
    );
  },
};

/** Tables in a `data` folder. */
export const dataTables = {
  name: 'data-tables',
  setup(build) {
    build.onLoad({ filter: /[\\/]data[\\/][^\\/]+\.json$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      if (text.length < bigJsonBytes) return { contents: text, loader: 'json' };
      return {
        contents: `export default JSON.parse(${JSON.stringify(JSON.stringify(JSON.parse(text)))})`,
        loader: 'js',
      };
    });
  },
};

/**
 * `import('./x')` of a file that is a bundle of its own becomes a late `require` of that bundle, because
 * esbuild splits no CommonJS. Everything else that is imported dynamically stays inside its bundle.
 *
 * `bundles`: source file to output file, both absolute. `cached`: read the bundle through its V8 code cache.
 */
export function lateBundles({ bundles, cached }) {
  return {
    name: 'late-bundles',
    setup(build) {
      build.onResolve({ filter: /^\.\.?\// }, ({ kind, path, resolveDir, importer }) => {
        if (kind !== 'dynamic-import') return undefined;
        const source = [`${path}.ts`, path]
          .map((name) => resolve(resolveDir, name))
          .find((name) => bundles.has(name));
        if (source === undefined || source === importer) return undefined;
        const from = dirname(bundles.get(importer) ?? [...bundles.values()][0]);
        const target = `./${relative(from, bundles.get(source)).split(sep).join('/')}`;
        return { path: target, namespace: 'late-bundle' };
      });
      build.onResolve({ filter: /.*/, namespace: 'late-bundle' }, ({ path }) =>
        path.startsWith('./') ? { path, external: true } : undefined,
      );
      build.onLoad({ filter: /.*/, namespace: 'late-bundle' }, ({ path }) => ({
        contents: cached
          ? `module.exports = require(${JSON.stringify(join(here, 'loadCached.cjs'))}).loadCached(require('node:path').join(__dirname, ${JSON.stringify(path)}))`
          : `module.exports = require(${JSON.stringify(path)})`,
        loader: 'js',
        resolveDir: here,
      }));
    },
  };
}
