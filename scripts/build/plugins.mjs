import { readFileSync } from 'node:fs';

/** Above this a JSON table is parsed by JSON.parse, which is about twice as fast as a JavaScript literal. */
const bigJsonBytes = 20_000;

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
