import { byteText } from '../../project/byteText';
import type { ModelFileKind } from '../../project/modelFiles/modelFile';
import { type DuplicateWeights, modelFolders, type WeightsForm } from '../../project/modelFiles/modelFolders';
import type { Project } from '../../project/project';
import { copiedSources, modelSource } from '../facts/copiedModels';
import { innerSpan } from '../facts/innerSpan';
import { shippedStages } from '../facts/shippedStages';
import { purposeOf } from '../facts/stageFacts';
import { defineRule } from '../rule';

/** Formats that checkpoints are published in side by side; an engine made from one of them is another matter. */
const checkpointKinds: ReadonlySet<ModelFileKind> = new Set<ModelFileKind>([
  'safetensors',
  'pytorch',
  'keras',
  'tensorflow',
  'flax',
  'rust-bert',
  'onnx',
  'openvino',
  'gguf',
  'tflite',
  'coreml',
]);

export const duplicateWeightFormats = defineRule({
  name: 'duplicate-weight-formats',
  on: 'dockerfile',
  concern: 'size',
  severity: 'warning',
  summary: 'COPY brings the same weights in several formats.',
  why: 'A program reads one of them. Hub repositories keep up to five for as many frameworks, and every copy is pushed, pulled and stored.',
  next: 'Keep the format that the code loads (safetensors where it can choose), and leave the others out with .dockerignore or --exclude.',
  sources: [
    'Hugging Face Hub, repository layout of google-bert/bert-base-uncased',
    'huggingface_hub docs, allow_patterns',
  ],
  aboutSize: true,
  *check({ dockerfile, file, project }) {
    if (purposeOf(dockerfile).purpose === 'template') return;
    for (const stage of shippedStages(dockerfile)) {
      for (const copy of stage.instructions) {
        if (copy.kind !== 'copy') continue;
        for (const { word, files } of copiedSources(copy, file.path, project)) {
          const paths = files.map(({ source }) => source);
          for (const folder of modelFolders(paths, modelSource(project))) {
            for (const duplicates of folder.duplicates) {
              const surplus = surplusOf(duplicates, project);
              if (!surplus) continue;
              const { kept, others } = surplus;
              const bytes = totalOf(others);
              yield {
                span: innerSpan(word),
                what:
                  bytes === undefined
                    ? '{source} brings the same weights as {kept} and again as {others}'
                    : '{source} brings the same weights as {kept} and again as {others}: {bytes} that nothing needs',
                with: {
                  source: word.raw,
                  kept: namesOf([kept]),
                  others: namesOf(others),
                  ...(bytes === undefined ? {} : { bytes: byteText(bytes) }),
                },
                ...(bytes === undefined ? {} : { bytes }),
              };
            }
          }
        }
      }
    }
  },
});

/** The form to keep and those nothing reads; undefined where code names several, or they may be variants. */
function surplusOf(
  { forms, why }: DuplicateWeights,
  project: Project,
): { readonly kept: WeightsForm; readonly others: readonly WeightsForm[] } | undefined {
  const whole = forms.filter(({ kind }) => checkpointKinds.has(kind));
  if (why === 'variants' || new Set(whole.map(({ label }) => label)).size < 2) return undefined;
  const named = whole.filter((form) => isNamed(form, project));
  const kept = named[0] ?? whole[0];
  if (!kept || named.length > 1) return undefined;
  // Precisions of one format are chosen from at run time; only another format is surely the same again.
  const others = whole.filter(
    (form) => form !== kept && (form.kind !== kept.kind || form.label.endsWith('original')),
  );
  return others.length === 0 ? undefined : { kept, others };
}

/** Code, a script or a configuration says the file's name, or asks for the format. */
function isNamed({ files, kind }: WeightsForm, project: Project): boolean {
  const names = files.map(({ path }) => path.slice(path.lastIndexOf('/') + 1));
  const asks = formatWords[kind];
  return project.tree.paths.some((path) => {
    if (!/\.(py|sh|ya?ml|toml|env)$/.test(path) || /(^|\/)tests?\//.test(path)) return false;
    const text = project.tree.textOf(path);
    return text !== undefined && (names.some((name) => text.includes(name)) || asks?.test(text) === true);
  });
}

/** How programs ask a library for a format without naming the file. */
const formatWords: Partial<Readonly<Record<ModelFileKind, RegExp>>> = {
  safetensors: /\b(?:from|import) safetensors|\bAutoModel|\bDiffusionPipeline|\bSentenceTransformer\(/,
  pytorch: /use_safetensors\s*=\s*False/,
  keras: /from_tf\s*=\s*True|\bTFAuto|import tensorflow/,
  tensorflow: /from_tf\s*=\s*True|\bTFAuto|import tensorflow/,
  flax: /from_flax\s*=\s*True|\bFlaxAuto|import flax/,
  onnx: /import onnxruntime|optimum\.onnxruntime|\bORTModel|backend\s*=\s*["']onnx/,
  openvino: /import openvino|optimum\.intel|backend\s*=\s*["']openvino/,
  gguf: /llama_cpp|gguf_file/,
  tflite: /tflite|ai_edge_litert/,
};

function totalOf(forms: readonly WeightsForm[]): number | undefined {
  let sum = 0;
  for (const { sizeBytes } of forms) {
    if (sizeBytes === undefined) return undefined;
    sum += sizeBytes;
  }
  return sum;
}

function namesOf(forms: readonly WeightsForm[]): string {
  return forms
    .map(({ files }) => files.map(({ path }) => path.slice(path.lastIndexOf('/') + 1)))
    .map(([first = '', ...more]) => (more.length > 0 ? `${first} …` : first))
    .join(', ');
}
