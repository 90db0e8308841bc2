import { modelFacts } from '../../onnx/modelFacts';
import { ModelError } from '../../onnx/modelError';
import type { OnnxModel } from '../../onnx/readOnnx';
import { numbersOf, type Values } from '../session/values';
import type { Tokenizer } from '../text/openTokenizer';
import type { Sample } from './inputs';

/** Each line a sample, through the model's tokenizer. Throws a ModelError when the model takes something else. */
export function textSamples(model: OnnxModel, tokenizer: Tokenizer, lines: readonly string[]): Sample[] {
  const { inputs } = modelFacts(model);
  return lines.map((line) => {
    const encoded = tokenizer.encode([line]);
    const length = encoded['input_ids']?.[0]?.length ?? 0;
    return Object.fromEntries(
      inputs.map(({ name, type }): [string, Values] => {
        // A model may ask for segment ids that its tokenizer does not give: all are of the first segment.
        const row =
          encoded[name]?.[0] ?? (name === 'token_type_ids' ? Array.from({ length }, () => 0) : undefined);
        const data = row && numbersOf(type, row);
        if (!data) throw notText(name);
        return [name, { type, dims: [1, data.length], data }];
      }),
    );
  });
}

function notText(name: string): ModelError {
  return new ModelError({
    code: 'input-not-text',
    what: { template: 'The model does not take text alone' },
    why: { template: 'Its tokenizer gives nothing for the input {name}', with: { name } },
    next: [{ template: 'Give saved cases with --inputs' }],
  });
}
