import type { Dockerfile } from '../../project/dockerfile/dockerfile';
import type { DockerfileDocument, Project, PythonDocument } from '../../project/project';
import { environmentUses } from '../../project/python/environmentUses';
import { type ModelLoad, type ModelLoadKind, modelLoads } from '../../project/python/modelLoads';
import { argument } from '../../project/python/pythonAnswers';
import type { PythonFunction, PythonModule } from '../../project/python/pythonModule';
import { shippedPython } from './gpuSignals';
import { instructionsOf, purposeOf, runsOf } from './stageFacts';

const fromHub: ReadonlySet<ModelLoadKind> = new Set<ModelLoadKind>([
  'from-pretrained',
  'pipeline',
  'snapshot',
  'hub-file',
  'torch-hub',
  'sentence-transformers',
]);

/** Checkpoints of the hub's first days, whose names have no owner. */
const ownerless =
  /^(?:bert|distilbert|roberta|distilroberta|albert|xlnet|xlm|xlm-roberta|camembert|gpt2|distilgpt2|t5|openai-gpt|ctrl|transfo-xl)(?:-[a-z0-9]+)*$/;

/** Ways to bring a model into an image, or into its cache, before it starts. */
const fetches =
  /from_pretrained|snapshot_download|hf_hub_download|huggingface|hugging_face|\bhf\s+download|SentenceTransformer|pipeline\s*\(|torch\.hub|modelscope|lfs\s+(?:pull|clone|install)|download|prefetch|preload|warm_?up/i;
const cachePaths =
  /huggingface|\/\.cache\b|HF_HOME|HF_HUB_CACHE|TRANSFORMERS_CACHE|SENTENCE_TRANSFORMERS_HOME|TORCH_HOME|HF_HUB_OFFLINE|TRANSFORMERS_OFFLINE/;

/** A load whose name is one of a hub, by its text, and nothing in the call says otherwise. */
export function namesHubModel(load: ModelLoad, project: Project): boolean {
  const { source, sourceKind, kind, isLocalOnly, call } = load;
  if (source.state !== 'known' || sourceKind !== 'hub' || !fromHub.has(kind)) return false;
  if (isLocalOnly.state !== 'absent' || argument(call, 'cache_dir') || argument(call, 'cache_folder'))
    return false;
  const name = source.value;
  if (!name.includes('/') && kind !== 'sentence-transformers' && !ownerless.test(name)) return false;
  return !project.tree.paths.some((path) => path.startsWith(`${name}/`) || path.includes(`/${name}/`));
}

/** Runs before the service answers: at import, in a constructor, or in what those or the lifespan call. */
export function runsAtStart({ call }: ModelLoad, { module }: PythonDocument): boolean {
  const { place } = call;
  if (place.conditional || place.inMain || place.typeOnly || place.handler) return false;
  if (place.atImport) return true;
  return place.function !== undefined && startsWith(place.function, module, 0);
}

function startsWith(one: PythonFunction, module: PythonModule, depth: number): boolean {
  if (depth > 4 || one.place.function) return false;
  if (one.place.className !== undefined && one.name === '__init__') return true;
  const isHook = one.decorators.some(
    ({ name, call }) =>
      /(?:^|\.)asynccontextmanager$/.test(name) ||
      (name.endsWith('.on_event') &&
        call?.arguments[0]?.value.kind === 'text' &&
        call.arguments[0].value.value === 'startup'),
  );
  if (isHook) return true;
  return module.calls.some(({ callee, place }) => {
    const isIt =
      one.place.className === undefined
        ? callee === one.name
        : callee === `self.${one.name}` && place.className === one.place.className;
    if (!isIt || place.conditional || place.inMain) return false;
    return place.atImport || (place.function !== undefined && startsWith(place.function, module, depth + 1));
  });
}

/** The serving image that ships the file with nothing that would hold the model; undefined when none is known to. */
export function imageWithoutModels(file: PythonDocument, project: Project): DockerfileDocument | undefined {
  if (
    [...environmentUses(file.module)].some(
      ({ name }) => name.state === 'known' && cachePaths.test(name.value),
    )
  )
    return undefined;
  return project.dockerfiles.find((document) => {
    const { dockerfile } = document;
    const stage = dockerfile.finalStage;
    if (!stage || purposeOf(dockerfile).purpose !== 'serving') return false;
    const shipped = shippedPython(stage, document, project);
    return (
      shipped?.some(({ path }) => path === file.path) === true &&
      !fetchesModels(dockerfile, shipped, project) &&
      !mountsCache(document, project)
    );
  });
}

/** A RUN, or a script it starts, fetches; or the cache's folder is copied, a volume, or told to be offline. */
function fetchesModels(
  dockerfile: Dockerfile,
  shipped: readonly PythonDocument[],
  project: Project,
): boolean {
  for (const stage of dockerfile.stages) {
    if (stage.instructions.some(({ keyword }) => keyword === 'VOLUME')) return true;
    for (const name of stage.end.env.keys()) if (/OFFLINE/.test(name)) return true;
    for (const instruction of stage.instructions) {
      if (instruction.kind !== 'copy') continue;
      const target = instruction.destination?.value;
      if (target?.state !== 'known' || cachePaths.test(target.value)) return true;
    }
    for (const run of runsOf(instructionsOf(stage))) {
      const text = dockerfile.source.text.slice(run.span.start, run.span.end);
      // Whatever is told of `download` counts, but for package tools of the same word.
      if (fetches.test(text.replace(/\b(?:pip|uv|apt-get|apt)\s+[^&|;\n]*/g, ''))) return true;
      if (startsLoader(text, shipped, project)) return true;
    }
  }
  return false;
}

function startsLoader(run: string, shipped: readonly PythonDocument[], project: Project): boolean {
  const scripts = [...run.matchAll(/([\w-]+)\.py\b|-m\s+([\w.]+)/g)].map(
    (match) => match[1] ?? match[2]?.split('.').at(-1) ?? '',
  );
  const files = new Set([...shipped, ...project.pythonFiles]);
  return [...files].some(({ path, module }) => {
    const name = path.slice(path.lastIndexOf('/') + 1, -'.py'.length);
    return scripts.includes(name) && !modelLoads(module).next().done;
  });
}

/** A Compose file, manifest or script in the build context that speaks of the cache may mount it. */
function mountsCache({ path: dockerfile }: DockerfileDocument, project: Project): boolean {
  const context = project.contextOf(dockerfile).context;
  const folder = context.state === 'known' && context.value.folder !== '' ? `${context.value.folder}/` : '';
  return project.tree.paths.some(
    (path) =>
      path.startsWith(folder) &&
      /\.(?:ya?ml|sh|md|env)$|(?:^|\/)[Mm]akefile$/.test(path) &&
      cachePaths.test(project.tree.textOf(path) ?? ''),
  );
}
