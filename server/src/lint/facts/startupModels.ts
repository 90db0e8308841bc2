import type { Stage } from '../../project/dockerfile/dockerfile';
import type { DockerfileDocument, Project, PythonDocument } from '../../project/project';
import { type ModelLoad, modelLoads } from '../../project/python/modelLoads';
import { shippedPython } from './gpuSignals';
import type { StartedProgram } from './startedPrograms';

/** A model that a worker process of the service loads for itself. */
export interface StartupModel {
  readonly file: string;
  readonly load: ModelLoad;
}

/** Not weights: a label encoder, an array, a tokenizer. */
const small = /Tokenizer|Processor|FeatureExtractor|Config\b|Config\./;
const kinds = new Set<ModelLoad['kind']>([
  'from-pretrained',
  'pipeline',
  'sentence-transformers',
  'torch',
  'torch-hub',
  'keras',
  'onnx',
  'detector',
  'llm-engine',
]);
const startFunction =
  /^(?:__init__|__new__|lifespan|startup|on_startup|(?:load|init|get|create|build|setup)_?\w*)$/;

/**
 * Models loaded by the module a server is given (`app.main:app`) or one it imports, at import or in a function that
 * start-up calls by its name. Empty where the module cannot be found in what the image ships.
 */
export function startupModels(
  { words }: StartedProgram,
  stage: Stage,
  document: DockerfileDocument,
  project: Project,
): readonly StartupModel[] {
  const shipped = shippedPython(stage, document, project);
  const named = words.map(({ text }) => /^([\w.]+):[\w.]+(?:\(\))?$/.exec(text ?? '')?.[1]);
  const module = named.find((name) => name !== undefined);
  if (!shipped || module === undefined) return [];
  return [...reached(module, shipped)].flatMap((file) =>
    [...modelLoads(file.module)].filter(isStartLoad).map((load) => ({ file: file.path, load })),
  );
}

function isStartLoad({ kind, call }: ModelLoad): boolean {
  const { place } = call;
  if (!kinds.has(kind) || small.test(call.callee) || place.inMain || place.typeOnly) return false;
  // llama.cpp maps its file, and maps are shared between processes.
  if (call.callee.startsWith('llama_cpp.')) return false;
  return place.atImport || (place.function !== undefined && startFunction.test(place.function.name));
}

/** The module's file and those it imports, found by the ends of their paths. */
function reached(module: string, shipped: readonly PythonDocument[]): ReadonlySet<PythonDocument> {
  const found = new Set<PythonDocument>();
  const waiting = [module];
  const seen = new Set<string>();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const file = fileOf(next, shipped);
    if (!file || found.has(file)) continue;
    found.add(file);
    for (const { module: imported, level, names } of file.module.imports) {
      const base = level === 0 ? imported : relativeTo(next, file, imported, level);
      waiting.push(base, ...names.map(({ name }) => (base === '' ? name : `${base}.${name}`)));
    }
  }
  return found;
}

/** Only one file may end so: with two, nobody can tell which is imported. */
function fileOf(module: string, shipped: readonly PythonDocument[]): PythonDocument | undefined {
  const path = module.split('.').join('/');
  const fits = shipped.filter((file) =>
    [`${path}.py`, `${path}/__init__.py`].some((end) => file.path === end || file.path.endsWith(`/${end}`)),
  );
  return fits.length === 1 ? fits[0] : undefined;
}

function relativeTo(module: string, { path }: PythonDocument, imported: string, level: number): string {
  const parts = module.split('.');
  parts.length = Math.max(0, parts.length - level + (path.endsWith('/__init__.py') ? 1 : 0));
  return [...parts, imported.replace(/^\.+/, '')].filter((part) => part !== '').join('.');
}
