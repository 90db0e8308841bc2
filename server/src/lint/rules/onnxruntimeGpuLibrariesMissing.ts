import { packageCuda } from '../facts/packageCuda';
import { readsUnknownRequirements } from '../facts/mentionedPackages';
import { pythonInstallations } from '../facts/pythonInstallations';
import {
  firstOfEachPlace,
  installedBy,
  requirementSpan,
  requirementText,
  type ServedPackage,
  servedPackagesIn,
} from '../facts/servedPackages';
import { baseOf } from '../facts/stageFacts';
import { systemCuda } from '../facts/systemCuda';
import { onnxruntimeGpuLibraries } from '../onnxruntimeGpu';
import type { Project } from '../../project/project';
import { defineRule, type Hit } from '../rule';

export const onnxruntimeGpuLibrariesMissing = defineRule({
  name: 'onnxruntime-gpu-libraries-missing',
  on: ['requirements', 'pyproject', 'lock', 'dockerfile'],
  concern: 'gpu',
  severity: 'warning',
  summary: 'The image lacks the CUDA and cuDNN that its onnxruntime-gpu loads.',
  why: 'Its wheel brings no CUDA libraries. Where it finds none of the right major version it writes one line to the log and answers from the CPU, many times slower.',
  next: 'Install onnxruntime-gpu[cuda,cudnn], or start from an nvidia/cuda image with -cudnn-runtime of the same major version; and check get_providers() at start.',
  sources: [
    'ONNX Runtime docs, CUDA Execution Provider, Requirements',
    'ONNX Runtime docs, Python API, get_providers',
  ],
  *check({ file, project }) {
    for (const served of firstOfEachPlace(servedPackagesIn(file.path, project))) {
      const hit = served.package.name === 'onnxruntime-gpu' ? hitFor(served, project) : undefined;
      if (hit) yield hit;
    }
  },
});

function hitFor(served: ServedPackage, project: Project): Hit | undefined {
  const { package: one, installation } = served;
  const stage = installation.document.dockerfile.finalStage;
  if (!stage || one.origin !== 'index' || stage.base.state !== 'known') return undefined;
  if (one.extras.some((extra) => /cuda|cudnn/.test(extra)) || readsUnknownRequirements(stage, project))
    return undefined;
  const siblings = pythonInstallations(project).filter(({ document }) => document === installation.document);
  const isSupplied = siblings.some(
    (sibling) =>
      sibling.isPartlyUnknown ||
      sibling.packages.some(
        (other) =>
          /^nvidia-|^tensorrt|^torch$/.test(other.name) || packageCuda(other, sibling).state !== 'absent',
      ),
  );
  const version = one.version.state === 'known' ? one.version.value : undefined;
  const needed = one.version.state === 'unknown' ? undefined : onnxruntimeGpuLibraries(version);
  const found = systemCuda(stage, baseOf(stage));
  if (isSupplied || !needed || found === undefined) return undefined;
  const fits = found !== 'none' && found.cuda === needed.cuda && found.cudnn === needed.cudnn;
  if (fits) return undefined;
  return {
    span: requirementSpan(one, project),
    what:
      found === 'none'
        ? '{requirement} needs CUDA {cuda} and cuDNN {cudnn}; {image} has neither, so it runs on the CPU'
        : found.cudnn === undefined
          ? '{requirement} needs CUDA {cuda} and cuDNN {cudnn}; {image} has no cuDNN, so it runs on the CPU'
          : '{requirement} needs CUDA {cuda} and cuDNN {cudnn}; {image} has CUDA {hasCuda} and cuDNN {hasCudnn}, so it runs on the CPU',
    with: {
      requirement: requirementText(one, project),
      cuda: needed.cuda,
      cudnn: needed.cudnn,
      image: stage.base.value.text,
      ...(found !== 'none' && found.cudnn !== undefined
        ? { hasCuda: found.cuda, hasCudnn: found.cudnn }
        : {}),
    },
    related: installedBy(served),
  };
}
