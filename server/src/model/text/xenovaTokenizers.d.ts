/** The part of @xenova/transformers 2.17.2 that is used; scripts/build/plugins.mjs leaves the rest out. */
declare module '@xenova/transformers/src/tokenizers.js' {
  interface EncodeOptions {
    readonly padding: boolean;
    readonly truncation: boolean;
    /** Its tensors do not work with this onnxruntime. */
    readonly return_tensor: false;
  }
  export class PreTrainedTokenizer {
    constructor(tokenizerJson: object, tokenizerConfig: object);
    _call(
      texts: readonly string[],
      options: EncodeOptions,
    ): Readonly<Record<string, readonly (readonly number[])[]>>;
  }
  export const AutoTokenizer: {
    readonly TOKENIZER_CLASS_MAPPING: Readonly<Record<string, typeof PreTrainedTokenizer>>;
  };
}
