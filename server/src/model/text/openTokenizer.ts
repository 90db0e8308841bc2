import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ModelError } from '../../onnx/modelError';

/** Token ids and masks by input name, one row a text, padded to the longest. */
export type Encoded = Readonly<Record<string, readonly (readonly number[])[]>>;

export interface Tokenizer {
  encode(texts: readonly string[]): Encoded;
}

/** Enough for any model's vocabulary with its merges; the largest known are about 30 MB. */
const largestFile = 100_000_000;

/**
 * The tokenizer in the model's folder or the one above (transformers.js keeps models in `onnx/`). Throws a
 * ModelError when there is none or it is damaged; nothing is ever fetched.
 */
export async function openTokenizer(modelPath: string): Promise<Tokenizer> {
  const folder = [dirname(modelPath), dirname(dirname(modelPath))].find(
    (candidate) => read(join(candidate, 'tokenizer.json')) !== undefined,
  );
  if (folder === undefined) {
    throw new ModelError({
      code: 'tokenizer-missing',
      what: { template: 'There is no tokenizer beside {file}', with: { file: modelPath } },
      why: { template: 'Text becomes numbers by the tokenizer.json of the model' },
      next: [{ template: 'Put tokenizer.json and tokenizer_config.json beside the model' }],
    });
  }
  const definition = parse(join(folder, 'tokenizer.json'));
  const config =
    read(join(folder, 'tokenizer_config.json')) === undefined
      ? {}
      : parse(join(folder, 'tokenizer_config.json'));
  const { AutoTokenizer, PreTrainedTokenizer } = await import('@xenova/transformers/src/tokenizers.js');
  const wanted = config['tokenizer_class'];
  const name = typeof wanted === 'string' ? wanted.replace(/Fast$/, '') : '';
  const Kind = Object.hasOwn(AutoTokenizer.TOKENIZER_CLASS_MAPPING, name)
    ? AutoTokenizer.TOKENIZER_CLASS_MAPPING[name]
    : undefined;
  const path = join(folder, 'tokenizer.json');
  const made = attempt(
    path,
    () => new (Kind ?? PreTrainedTokenizer)(definition, { model_max_length: 512, ...config }),
  );
  return {
    encode: (texts) =>
      attempt(path, () => made._call(texts, { padding: true, truncation: true, return_tensor: false })),
  };
}

function read(path: string): string | undefined {
  try {
    const text = readFileSync(path, 'utf8');
    return text.length <= largestFile ? text : undefined;
  } catch {
    return undefined;
  }
}

function parse(path: string): Record<string, unknown> {
  return attempt(path, () => JSON.parse(read(path) ?? '') as Record<string, unknown>);
}

function attempt<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new ModelError({
      code: 'tokenizer-damaged',
      what: { template: 'The tokenizer {file} cannot be used', with: { file: path } },
      why: {
        template: 'It says: {message}',
        with: { message: error instanceof Error ? error.message : String(error) },
      },
      next: [{ template: 'Save the tokenizer of the model again' }],
    });
  }
}
