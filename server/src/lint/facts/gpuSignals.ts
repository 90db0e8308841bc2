import type { Stage } from '../../project/dockerfile/dockerfile';
import type { DockerfileDocument, Project, PythonDocument } from '../../project/project';
import { copiedFiles } from './copiedFiles';
import { baseOf, instructionsOf } from './stageFacts';

/** What the project says about a GPU for one image. */
export type GpuUse = 'uses' | 'no sign' | 'unknown';

const cudaText =
  /\bcuda\b|\bcuda:\d|CUDAExecutionProvider|TensorrtExecutionProvider|device_map|\bnpu\b|\bmps\b|\brocm\b/i;
const gpuRequest =
  /--gpus\b|nvidia\.com\/gpu|runtime:\s*["']?nvidia|driver:\s*["']?nvidia|--device[ =]nvidia|huawei\.com\/|amd\.com\/gpu|^\s*gpus:/m;
const gpuVariables = /^(NVIDIA_|CUDA_|ASCEND_|HIP_|ROCR_)/;

/**
 * Whether the image is meant to run on a GPU: its base and variables, the code it ships, and the files that run it.
 * `unknown` where the base or the shipped code cannot be told.
 */
export function gpuUse(stage: Stage, document: DockerfileDocument, project: Project): GpuUse {
  const base = baseOf(stage);
  if (base.accelerator.state === 'known' || base.cuda.state === 'known') return 'uses';
  if ([...stage.end.env.keys()].some((name) => gpuVariables.test(name))) return 'uses';
  if (requestsGpu(document, project)) return 'uses';
  if (base.accelerator.state === 'unknown' && base.family.state === 'unknown') return 'unknown';
  const code = shippedPython(stage, document, project);
  if (code === undefined) return 'unknown';
  return code.some((file) => cudaText.test(file.source.text)) ? 'uses' : 'no sign';
}

type ShippedPython = readonly PythonDocument[] | undefined;

const shippedBy = new WeakMap<Project, Map<Stage, ShippedPython>>();

/**
 * Python files that the stage's COPYs bring from the project; undefined when that cannot be told or there is none.
 * Kept per snapshot: many rules ask, once per package.
 */
export function shippedPython(stage: Stage, document: DockerfileDocument, project: Project): ShippedPython {
  const known = shippedBy.get(project) ?? new Map<Stage, ShippedPython>();
  shippedBy.set(project, known);
  if (!known.has(stage)) known.set(stage, readShippedPython(stage, document, project));
  return known.get(stage);
}

function readShippedPython(stage: Stage, document: DockerfileDocument, project: Project): ShippedPython {
  const shipped = new Set<string>();
  for (const instruction of instructionsOf(stage)) {
    if (instruction.kind !== 'copy' || instruction.from) continue;
    const files = copiedFiles(instruction, document.path, project);
    if (!files) return undefined;
    for (const { source } of files) shipped.add(source);
  }
  const found = project.pythonFiles.filter(({ path }) => shipped.has(path));
  return found.length === 0 ? undefined : found;
}

/** A file beside the Dockerfile, or below it and no nearer to another one, that runs something with a GPU. */
function requestsGpu(document: DockerfileDocument, project: Project): boolean {
  const folders = new Set(project.dockerfiles.map(({ path }) => folderOf(path)));
  const context = project.contextOf(document.path).context;
  const own = new Set([
    folderOf(document.path),
    ...(context.state === 'known' ? [context.value.folder] : []),
  ]);
  return project.tree.paths.some((path) => {
    if (!/\.(ya?ml|sh|md|mk|json|env)$|(^|\/)[Mm]akefile$/.test(path)) return false;
    const text = project.tree.textOf(path);
    return text !== undefined && own.has(nearestOf(path, folders)) && gpuRequest.test(text);
  });
}

function nearestOf(path: string, folders: ReadonlySet<string>): string {
  for (let folder = folderOf(path); folder !== ''; folder = folderOf(folder))
    if (folders.has(folder)) return folder;
  return '';
}

function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '' : path.slice(0, slash);
}
