import type { PythonDocument } from '../../project/project';
import { argument } from '../../project/python/pythonAnswers';
import type { PythonValue } from '../../project/python/pythonModule';
import { textExports } from '../facts/textExports';
import { defineRule } from '../rule';

export const exportWithoutAttentionMask = defineRule({
  name: 'export-without-attention-mask',
  on: 'python',
  concern: 'model',
  severity: 'warning',
  summary: 'A text model is exported to ONNX with token ids as its only input.',
  why: 'Without the mask padding is read as text: the answer of a short text changes with the length of its batch.',
  next: 'Export input_ids and attention_mask together, and token_type_ids where the tokenizer gives them.',
  sources: ['Hugging Face docs, Attention mask', 'PyTorch docs, torch.onnx.export'],
  *check({ file }) {
    for (const { call, inputs, names } of textExports(file)) {
      if (names.length > 1 || !isOnlyTokens(inputs, file)) continue;
      // A text generator runs one text at a time, without padding.
      if (/causal|seq2seq|GPT|Llama|LMHead/i.test(file.source.text)) continue;
      const place = argument(call, 'args', 1)?.value ?? inputs;
      yield { span: place.span, what: 'Only the token ids are exported, not the attention mask' };
    }
  },
});

/** `inputs["input_ids"]`, `inputs.input_ids`, `input_ids`, alone or in a tuple of one. */
function isOnlyTokens(value: PythonValue, { source }: PythonDocument): boolean {
  const written = source.text.slice(value.span.start, value.span.end);
  return /^\(?\s*(?:[\w.]+\[["']input_ids["']\]|(?:[\w.]+\.)?input_ids)\s*,?\s*\)?$/.test(written);
}
