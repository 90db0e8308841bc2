import { readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
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
 * Of @xenova/transformers only the tokenizers are bundled: its tensors do not work with this onnxruntime, and
 * its hub would reach for the network.
 */
export const tokenizersAlone = {
  name: 'tokenizers-alone',
  setup(build) {
    build.onLoad({ filter: /@xenova[\\/]transformers[\\/]src[\\/]utils[\\/](hub|tensor)\.js$/ }, () => ({
      contents:
        'export class Tensor {}; export const getModelJSON = () => Promise.reject(new Error("nothing is fetched"));',
      loader: 'js',
    }));
  },
};
