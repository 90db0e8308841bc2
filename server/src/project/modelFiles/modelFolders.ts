import { type ModelFile, type ModelFileKind, type ModelFileSource, modelFile } from './modelFile';

/** A folder with weights and what belongs to them, as a Hugging Face repository lays it out. */
export interface ModelFolder {
  /** `''` is the root. Sub-folders such as `onnx/` and `original/` belong to their parent. */
  readonly path: string;
  readonly files: readonly ModelFile[];
  /** The same weights in several formats; empty when there is one. */
  readonly duplicates: readonly DuplicateWeights[];
}

/** Weights that one loader needs in only one of these forms. */
export interface DuplicateWeights {
  /** One entry a form, the one to keep first. Shards and external data of a form are together. */
  readonly forms: readonly WeightsForm[];
  readonly why: 'formats' | 'variants' | 'original';
}

export interface WeightsForm {
  readonly label: string;
  readonly kind: ModelFileKind;
  readonly files: readonly ModelFile[];
  /** Sum of the files' bytes; undefined when one of them is not known. */
  readonly sizeBytes: number | undefined;
}

/** Folders of a repository that hold other forms of the weights beside it. */
const formFolders = new Set(['onnx', 'original', 'openvino', 'gguf', 'tflite', 'coreml', 'flax', 'metal']);

/** Best to keep first: loads without running code, and by most programs. */
const preference: readonly ModelFileKind[] = [
  'safetensors',
  'onnx',
  'gguf',
  'pytorch',
  'tensorflow',
  'keras',
  'flax',
  'rust-bert',
  'openvino',
  'coreml',
  'tflite',
  'ggml',
];

/** Every folder with model weights. `paths` are those of the tree, or of a build context. */
export function modelFolders(paths: Iterable<string>, tree: ModelFileSource): ModelFolder[] {
  const folders = new Map<string, ModelFile[]>();
  for (const path of paths) {
    const file = modelFile(path, tree);
    if (!file) continue;
    const folder = repositoryOf(path);
    const files = folders.get(folder);
    if (files) files.push(file);
    else folders.set(folder, [file]);
  }
  return [...folders]
    .filter(([, files]) => files.some((file) => file.role === 'weights' || file.role === 'graph'))
    .map(([path, files]) => ({ path, files, duplicates: duplicatesIn(path, files) }));
}

/** The folder a file belongs to: `model/onnx/model.onnx` belongs to `model`. */
function repositoryOf(path: string): string {
  const parts = path.split('/').slice(0, -1);
  const packaged = parts.findIndex((part) => part.endsWith('.mlpackage'));
  if (packaged !== -1) parts.length = packaged;
  if (parts.at(-1) === 'variables') parts.pop();
  if (formFolders.has((parts.at(-1) ?? '').toLowerCase())) parts.pop();
  return parts.join('/');
}

/**
 * Names under which Hugging Face repositories keep the one model of a folder. Files with other names are only
 * compared with files of the same stem: two models may well lie side by side.
 */
const modelStem =
  /^(?:model|pytorch_model|tf_model|flax_model|rust_model|diffusion_pytorch_model|diffusion_flax_model|openvino_model|consolidated|saved_model|adapter_model)$/;

/** Variants of one ONNX or Diffusers model: `model_quantized.onnx`, `model.fp16.safetensors`. */
const variantEnding =
  /[._-](?:fp16|fp32|bf16|int8|uint8|int4|q4|q4f16|q8|bnb4|quantized|quant|optimized|O[1-4]|non_ema|ema|merged|qint8_\w+|quint8_\w+)$/i;

function duplicatesIn(folder: string, files: readonly ModelFile[]): DuplicateWeights[] {
  const forms = new Map<
    string,
    { stem: string; variant: string; original: boolean; kind: ModelFileKind; files: ModelFile[] }
  >();
  for (const file of files) {
    if (file.role !== 'weights' && file.role !== 'graph') continue;
    const inside = folder === '' ? file.path : file.path.slice(folder.length + 1);
    const original = /^(?:original|metal)\//i.test(inside) || /(?:^|\/)consolidated[.\d-]/i.test(inside);
    const { stem, variant } = stemOf(file, inside);
    const kind = file.kind === 'onnx-data' ? 'onnx' : file.kind;
    const key = `${kind}\0${stem}\0${variant}\0${original}`;
    const form = forms.get(key);
    if (form) form.files.push(file);
    else forms.set(key, { stem, variant, original, kind, files: [file] });
  }
  const byStem = new Map<string, (typeof forms extends Map<string, infer F> ? F : never)[]>();
  for (const form of forms.values()) {
    const same = byStem.get(form.stem);
    if (same) same.push(form);
    else byStem.set(form.stem, [form]);
  }
  const found: DuplicateWeights[] = [];
  for (const same of byStem.values()) {
    if (same.length < 2) continue;
    const sorted = [...same].sort(
      (a, b) =>
        Number(a.original) - Number(b.original) ||
        rank(a.kind) - rank(b.kind) ||
        a.variant.length - b.variant.length,
    );
    const kinds = new Set(same.filter((form) => !form.original).map((form) => form.kind));
    const why = kinds.size > 1 ? 'formats' : same.some((form) => form.original) ? 'original' : 'variants';
    found.push({
      why,
      forms: sorted.map((form) => ({
        label: [form.kind, form.variant, form.original ? 'original' : '']
          .filter((part) => part !== '')
          .join(' '),
        kind: form.kind,
        files: form.files,
        sizeBytes: totalOf(form.files),
      })),
    });
  }
  return found;
}

function rank(kind: ModelFileKind): number {
  const at = preference.indexOf(kind);
  return at === -1 ? preference.length : at;
}

function stemOf(file: ModelFile, inside: string): { stem: string; variant: string } {
  const parts = inside.split('/');
  const name = parts.pop() ?? '';
  const formFolder = parts.length > 0 && formFolders.has((parts.at(-1) ?? '').toLowerCase());
  const folder = formFolder
    ? parts.slice(0, -1).join('/')
    : parts.filter((part) => part !== 'variables').join('/');
  let bare = (file.shard?.stem ?? name)
    .replace(/\.(?:onnx_data(?:_\d+)?|onnx\.data)$/i, '')
    .replace(/\.[A-Za-z][\w]*$/, '')
    .replace(/\.data-\d+-of-\d+$/, '');
  if (/^consolidated(?:[.\d-].*)?$/i.test(bare)) bare = 'consolidated';
  if (file.kind === 'tensorflow') bare = 'saved_model';
  let variant = '';
  for (let ending = variantEnding.exec(bare); ending; ending = variantEnding.exec(bare)) {
    variant = ending[0].slice(1) + (variant === '' ? '' : `-${variant}`);
    bare = bare.slice(0, ending.index);
  }
  if (/[._-](?:encoder|decoder)/i.test(bare)) return { stem: `${folder}/${bare}`, variant };
  return { stem: modelStem.test(bare) ? `${folder}/` : `${folder}/${bare}`, variant };
}

function totalOf(files: readonly ModelFile[]): number | undefined {
  let total = 0;
  for (const file of files) {
    if (file.sizeBytes === undefined) return undefined;
    total += file.sizeBytes;
  }
  return total;
}
