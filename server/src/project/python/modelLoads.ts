import { type Answer, absent, known, unknown } from '../answer';
import { argument, booleanAnswer, hasSpread, textAnswer } from './pythonAnswers';
import type { PythonCall, PythonModule } from './pythonModule';

/** A place where the program loads, or fetches, a model. */
export interface ModelLoad {
  readonly kind: ModelLoadKind;
  /** Hub name, path or URL as the program gives it. */
  readonly source: Answer<string>;
  /** What the source is, judged by its text. */
  readonly sourceKind: 'hub' | 'path' | 'url' | 'unknown';
  /** Commit, tag or branch of the hub; absent when the newest is taken. */
  readonly revision: Answer<string>;
  readonly trustsRemoteCode: Answer<boolean>;
  /** `local_files_only=True`: nothing is fetched. */
  readonly isLocalOnly: Answer<boolean>;
  /** Whether loading can run code from the file: pickle, or `torch.load` without `weights_only`. */
  readonly weightsOnly: Answer<boolean>;
  readonly call: PythonCall;
}

export type ModelLoadKind =
  | 'from-pretrained'
  | 'pipeline'
  | 'snapshot'
  | 'hub-file'
  | 'torch-hub'
  | 'sentence-transformers'
  | 'torch'
  | 'pickle'
  | 'joblib'
  | 'numpy-pickle'
  | 'keras'
  | 'onnx'
  | 'safetensors'
  | 'llm-engine'
  | 'detector';

/** Callee, what it is, and the keyword and position of the source. */
const loaders: readonly (readonly [RegExp, ModelLoadKind, string, number])[] = [
  [/\.from_pretrained$/, 'from-pretrained', 'pretrained_model_name_or_path', 0],
  [/\.from_single_file$/, 'from-pretrained', 'pretrained_model_link_or_path', 0],
  [
    /^(?:transformers|diffusers|optimum\.pipelines|modelscope\.pipelines|optimum\.onnxruntime)(?:\.\w+)*\.pipeline$/,
    'pipeline',
    'model',
    1,
  ],
  [/^(?:huggingface_hub|modelscope)(?:\.\w+)*\.snapshot_download$/, 'snapshot', 'repo_id', 0],
  [/^huggingface_hub(?:\.\w+)*\.hf_hub_download$/, 'hub-file', 'repo_id', 0],
  [/^huggingface_hub\.cached_download$/, 'hub-file', 'url', 0],
  [/^torch\.hub\.load$/, 'torch-hub', 'repo_or_dir', 0],
  [/^torch\.hub\.(?:load_state_dict_from_url|download_url_to_file)$/, 'torch-hub', 'url', 0],
  [
    /^sentence_transformers(?:\.\w+)*\.(?:SentenceTransformer|CrossEncoder|SparseEncoder)$/,
    'sentence-transformers',
    'model_name_or_path',
    0,
  ],
  [/^torch\.(?:load|jit\.load)$/, 'torch', 'f', 0],
  [/^(?:pickle|cPickle|_pickle|dill|cloudpickle)\.loads?$/, 'pickle', 'file', 0],
  [/^pandas\.read_pickle$/, 'pickle', 'filepath_or_buffer', 0],
  [/^(?:joblib|sklearn\.externals\.joblib|skops\.io)\.load$/, 'joblib', 'filename', 0],
  [/^numpy\.load$/, 'numpy-pickle', 'file', 0],
  [
    /^(?:tensorflow\.)?keras\.(?:models\.|saving\.)?load_model$|^tensorflow\.saved_model\.load$/,
    'keras',
    'filepath',
    0,
  ],
  [/^onnxruntime\.(?:\w+\.)*InferenceSession$/, 'onnx', 'path_or_bytes', 0],
  [/^safetensors(?:\.\w+)*\.(?:load_file|safe_open)$/, 'safetensors', 'filename', 0],
  [
    /^(?:vllm\.LLM|vllm(?:\.\w+)*\.(?:Async)?EngineArgs|sglang\.Engine|llama_cpp\.Llama|ctranslate2\.\w+|faster_whisper\.WhisperModel)$/,
    'llm-engine',
    'model',
    0,
  ],
  [/^whisper\.load_model$/, 'llm-engine', 'name', 0],
  [
    /^(?:ultralytics\.(?:\w+\.)*(?:YOLO|RTDETR|SAM)|timm\.create_model|easyocr\.Reader|paddleocr\.PaddleOCR)$/,
    'detector',
    'model',
    0,
  ],
];

export function* modelLoads(module: PythonModule): Generator<ModelLoad> {
  for (const call of module.calls) {
    if (call.isDecorator) continue;
    const loader = loaders.find(([callee]) => callee.test(call.callee));
    if (!loader) continue;
    const [, kind, name, position] = loader;
    // Methods of a class of the program that happens to be called so load no model.
    if (kind === 'from-pretrained' && /^(?:self|cls|super)\b/.test(call.callee)) continue;
    const { place } = call;
    const hidden = hasSpread(call);
    const given =
      argument(call, name, position) ?? argument(call, 'model_path') ?? argument(call, 'model_file');
    const source = textAnswer(module, given, place);
    const flag = (keyword: string): Answer<boolean> => {
      const answer = booleanAnswer(module, argument(call, keyword), place);
      return answer.state === 'absent' && hidden ? unknown : answer;
    };
    const revision = textAnswer(module, argument(call, 'revision'), place);
    yield {
      kind,
      source: source.state === 'absent' && hidden ? unknown : source,
      sourceKind: source.state === 'known' ? sourceKind(source.value, kind) : 'unknown',
      revision: revision.state === 'absent' && hidden ? unknown : revision,
      trustsRemoteCode: flag('trust_remote_code'),
      isLocalOnly: flag('local_files_only'),
      weightsOnly:
        kind === 'torch'
          ? flag('weights_only')
          : kind === 'numpy-pickle'
            ? safeNumpy(flag('allow_pickle'))
            : absent,
      call,
    };
  }
}

/** numpy refuses pickles unless it is told `allow_pickle=True`. */
function safeNumpy(allowed: Answer<boolean>): Answer<boolean> {
  return allowed.state === 'known'
    ? known(!allowed.value)
    : allowed.state === 'absent'
      ? known(true)
      : unknown;
}

const fileKinds: ReadonlySet<ModelLoadKind> = new Set<ModelLoadKind>([
  'torch',
  'pickle',
  'joblib',
  'numpy-pickle',
  'keras',
  'onnx',
  'safetensors',
]);

/** Hub names are `name` or `owner/name`, without a leading dot or slash and without a file ending. */
function sourceKind(source: string, kind: ModelLoadKind): ModelLoad['sourceKind'] {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(source)) return 'url';
  if (fileKinds.has(kind) || /^(?:[./~\\]|[A-Za-z]:[\\/])/.test(source)) return 'path';
  if (/\.(?:pt|pth|bin|onnx|safetensors|gguf|h5|keras|engine|tflite|ckpt)$/i.test(source)) return 'path';
  return /^[\w.-]+(?:\/[\w.-]+)?$/.test(source) ? 'hub' : 'path';
}
