/** A file that holds a model or belongs to one, judged by its name and, where fetched, its first bytes. */
export interface ModelFile {
  readonly path: string;
  readonly kind: ModelFileKind;
  readonly role: 'weights' | 'graph' | 'tokenizer' | 'configuration' | 'index' | 'training';
  /** Bytes on disk; undefined when not known. */
  readonly sizeBytes: number | undefined;
  /** The first bytes say so too; undefined when they were not fetched or the kind has no mark. */
  readonly isConfirmed: boolean | undefined;
  /** `model-00001-of-00003.safetensors` is part 1 of 3. */
  readonly shard: { readonly part: number; readonly of: number; readonly stem: string } | undefined;
}

export type ModelFileKind =
  | 'onnx'
  | 'onnx-data'
  | 'safetensors'
  | 'pytorch'
  | 'torchscript-archive'
  | 'tensorflow'
  | 'keras'
  | 'flax'
  | 'rust-bert'
  | 'gguf'
  | 'ggml'
  | 'tensorrt'
  | 'coreml'
  | 'openvino'
  | 'tflite'
  | 'paddle'
  | 'ncnn'
  | 'rknn'
  | 'pickle'
  | 'tokenizer'
  | 'sentencepiece'
  | 'hf-configuration'
  | 'weights-index'
  | 'training-state';

interface NameRule {
  readonly pattern: RegExp;
  readonly kind: ModelFileKind;
  readonly role: ModelFile['role'];
}

/** By file name; the first that fits decides. Names are those Hugging Face, the frameworks and their exporters write. */
const names: readonly NameRule[] = [
  {
    pattern:
      /^(?:optimizer|scheduler|rng_state(?:_\d+)?|scaler|trainer_state|training_args)\.(?:pt|pth|bin|json)$/,
    kind: 'training-state',
    role: 'training',
  },
  {
    pattern: /\.(?:safetensors|bin|h5|msgpack)\.index(?:\.[\w.-]+)?\.json$/,
    kind: 'weights-index',
    role: 'index',
  },
  {
    pattern:
      /^(?:tokenizer|special_tokens_map|added_tokens|tokenizer_config|vocab|chat_template)\.json$|^(?:vocab|merges)\.txt$|^.*\.tiktoken$/,
    kind: 'tokenizer',
    role: 'tokenizer',
  },
  {
    pattern:
      /^(?:.*\.spm|sentencepiece.*\.model|spiece\.model|tokenizer\.model(?:\.v\d+)?|source\.spm|target\.spm)$/,
    kind: 'sentencepiece',
    role: 'tokenizer',
  },
  {
    pattern:
      /^(?:config|generation_config|preprocessor_config|processor_config|feature_extractor_config|model_index|quantize_config|adapter_config|config_sentence_transformers|sentence_bert_config|modules)\.json$/,
    kind: 'hf-configuration',
    role: 'configuration',
  },
  { pattern: /\.onnx$/, kind: 'onnx', role: 'weights' },
  { pattern: /\.(?:onnx_data(?:_\d+)?|onnx\.data)$/, kind: 'onnx-data', role: 'weights' },
  { pattern: /\.safetensors$/, kind: 'safetensors', role: 'weights' },
  { pattern: /\.gguf$/, kind: 'gguf', role: 'weights' },
  { pattern: /\.ggml$|^ggml-.*\.bin$/, kind: 'ggml', role: 'weights' },
  { pattern: /\.msgpack$/, kind: 'flax', role: 'weights' },
  { pattern: /\.ot$/, kind: 'rust-bert', role: 'weights' },
  { pattern: /\.(?:engine|plan|trt)$/, kind: 'tensorrt', role: 'weights' },
  { pattern: /\.tflite$/, kind: 'tflite', role: 'weights' },
  { pattern: /\.(?:h5|hdf5|keras)$/, kind: 'keras', role: 'weights' },
  { pattern: /^saved_model\.pb$|^frozen_.*\.pb$|\.pbtxt$/, kind: 'tensorflow', role: 'graph' },
  {
    pattern: /^variables\.(?:index|data-\d+-of-\d+)$|\.ckpt\.(?:index|meta|data-\d+-of-\d+)$/,
    kind: 'tensorflow',
    role: 'weights',
  },
  {
    pattern:
      /\.(?:pt|pth|ckpt)$|^(?:pytorch_model|adapter_model|diffusion_pytorch_model|consolidated|model|training).*\.bin$/,
    kind: 'pytorch',
    role: 'weights',
  },
  { pattern: /^openvino_.*\.(?:xml|bin)$/, kind: 'openvino', role: 'weights' },
  { pattern: /\.mlmodel$/, kind: 'coreml', role: 'weights' },
  { pattern: /\.(?:pdmodel|pdiparams|pdparams)$/, kind: 'paddle', role: 'weights' },
  { pattern: /\.(?:rknn)$/, kind: 'rknn', role: 'weights' },
  { pattern: /\.(?:mar)$/, kind: 'torchscript-archive', role: 'weights' },
  { pattern: /\.(?:pkl|pickle|joblib)$/, kind: 'pickle', role: 'weights' },
];

/** Names that mean a model only beside another of these kinds in the same folder. */
const sidecars: readonly (NameRule & { readonly beside: string })[] = [
  { pattern: /\.bin$/, kind: 'openvino', role: 'weights', beside: '.xml' },
  { pattern: /\.xml$/, kind: 'openvino', role: 'graph', beside: '.bin' },
  { pattern: /\.bin$/, kind: 'ncnn', role: 'weights', beside: '.param' },
  { pattern: /\.param$/, kind: 'ncnn', role: 'graph', beside: '.bin' },
];

const shardPattern = /^(.*?)-(\d{5,6})-of-(\d{5,6})(\.[\w.]+)$/;

export interface ModelFileSource {
  sizeOf(path: string): number | undefined;
  headerOf(path: string): Uint8Array | undefined;
  has(path: string): boolean;
}

/** What `path` is as a model file; undefined for any other file. */
export function modelFile(path: string, tree: ModelFileSource): ModelFile | undefined {
  if (inPackage.test(path)) return coremlPackage(path, tree);
  const name = path.slice(path.lastIndexOf('/') + 1);
  const lower = name.toLowerCase();
  const rule = names.find(({ pattern }) => pattern.test(lower)) ?? sidecar(path, lower, tree);
  const header = tree.headerOf(path);
  const marked = header && kindOfHeader(header);
  if (!rule) return undefined;
  const shard = shardPattern.exec(name);
  const isTextual = rule.role === 'configuration' || rule.role === 'index' || rule.kind === 'tokenizer';
  return {
    path,
    kind: rule.kind,
    role: rule.role,
    sizeBytes: tree.sizeOf(path),
    isConfirmed: header && !isTextual ? confirms(rule.kind, marked, header) : undefined,
    shard: shard
      ? { part: Number(shard[2]), of: Number(shard[3]), stem: (shard[1] ?? '') + (shard[4] ?? '') }
      : undefined,
  };
}

const inPackage = /\.mlpackage\//i;

function coremlPackage(path: string, tree: ModelFileSource): ModelFile | undefined {
  if (!/\/weights\/[^/]+\.bin$|\.mlmodel$/i.test(path)) return undefined;
  const role = /\.mlmodel$/i.test(path) ? 'graph' : 'weights';
  return {
    path,
    kind: 'coreml',
    role,
    sizeBytes: tree.sizeOf(path),
    isConfirmed: undefined,
    shard: undefined,
  };
}

function sidecar(path: string, lower: string, tree: ModelFileSource): NameRule | undefined {
  const dot = path.lastIndexOf('.');
  const stem = path.slice(0, dot);
  return sidecars.find(({ pattern, beside }) => pattern.test(lower) && tree.has(stem + beside));
}

/** The format that the first bytes name; undefined for formats without a mark. */
function kindOfHeader(header: Uint8Array): ModelFileKind | 'zip' | 'hdf5' | undefined {
  const text = String.fromCharCode(...header.subarray(0, 16));
  if (text.startsWith('GGUF')) return 'gguf';
  if (/^(?:ggml|ggjt|ggla|lmgg|tjgg)/.test(text)) return 'ggml';
  if (text.startsWith('PK\x03\x04')) return 'zip';
  if (text.startsWith('\x89HDF\r\n')) return 'hdf5';
  if (text.slice(4, 8) === 'TFL3') return 'tflite';
  if (text.startsWith('ftrt')) return 'tensorrt';
  if (isPickle(header)) return 'pickle';
  if (isSafetensors(header)) return 'safetensors';
  return undefined;
}

/** Protocol 2 to 5 of Python's pickle. */
function isPickle(header: Uint8Array): boolean {
  const [first, version = 0] = header;
  return first === 0x80 && version >= 2 && version <= 5;
}

/** Eight bytes of length, then the JSON of the tensors. */
function isSafetensors(header: Uint8Array): boolean {
  if (header.length < 9 || header[8] !== 0x7b) return false;
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  return view.getUint32(4, true) === 0 && view.getUint32(0, true) < 200_000_000;
}

function confirms(
  kind: ModelFileKind,
  marked: ReturnType<typeof kindOfHeader>,
  header: Uint8Array,
): boolean | undefined {
  if (isGitLfsPointer(header)) return false;
  switch (kind) {
    case 'gguf':
    case 'ggml':
    case 'safetensors':
    case 'tflite':
      return marked === kind;
    case 'pytorch':
    case 'rust-bert':
    case 'training-state':
      return marked === 'zip' || marked === 'pickle';
    case 'torchscript-archive':
      return marked === 'zip';
    case 'keras':
      return marked === 'hdf5' || marked === 'zip';
    case 'pickle':
      return marked === 'pickle' ? true : undefined;
    default:
      return marked === undefined ? undefined : false;
  }
}

/** A pointer that Git LFS left because the file itself was not fetched: 130 bytes of text in a model's place. */
export function isGitLfsPointer(header: Uint8Array): boolean {
  return String.fromCharCode(...header.subarray(0, 42)).startsWith(
    'version https://git-lfs.github.com/spec/',
  );
}
