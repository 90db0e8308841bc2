import { byteText } from '../../project/byteText';
import { describeBaseImage } from '../../project/baseImage';
import type { Stage } from '../../project/dockerfile/dockerfile';
import { compilesInBuild, mayCompileAtStart } from '../facts/compileSignals';
import { readsUnknownRequirements } from '../facts/mentionedPackages';
import { needsSystemCuda } from '../facts/needsSystemCuda';
import { otherFlavor } from '../facts/otherFlavor';
import { packageCuda } from '../facts/packageCuda';
import { pythonInstallations } from '../facts/pythonInstallations';
import { requirementSpan, requirementText } from '../facts/servedPackages';
import {
  baseOf,
  instructionsOf,
  packageCommandsOf,
  purposeOf,
  runsOf,
  stageChain,
} from '../facts/stageFacts';
import { literalOf } from '../../project/shell/commandArguments';
import { defineRule } from '../rule';

export const cudaInstalledTwice = defineRule({
  name: 'cuda-installed-twice',
  on: 'dockerfile',
  concern: 'gpu',
  severity: 'warning',
  summary: 'The base image brings CUDA libraries, and the installed wheels bring them again.',
  why: 'PyTorch loads the CUDA and cuDNN of its own wheels and never those of the image: IBM’s text-generation image lost 2.3 GB without them, TorchServe’s went from 8.4 to 5.2 GB.',
  next: 'Start from the -base image, or from python:X-slim with NVIDIA_VISIBLE_DEVICES=all and NVIDIA_DRIVER_CAPABILITIES=compute,utility.',
  sources: [
    'IBM/text-generation-inference pull request 50',
    'pytorch/serve pull request 2392',
    'PyTorch docs, Get Started (wheels carry their CUDA libraries)',
  ],
  fixKind: 'derived',
  aboutSize: true,
  *check({ dockerfile, file, project }) {
    const stage = dockerfile.finalStage;
    const { purpose, confidence } = purposeOf(dockerfile);
    if (!stage || purpose !== 'serving' || confidence === 'guess' || stage.base.state !== 'known') return;
    const base = baseOf(stage);
    const root = stageChain(stage)[0];
    const word = root?.from.imageWord;
    if (base.name.state !== 'known' || base.name.value !== 'nvidia/cuda' || !root || !word) return;
    if (base.cuda.state !== 'known' || base.cuda.value.flavor.state !== 'known') return;
    if (base.cuda.value.flavor.value === 'base' || readsUnknownRequirements(stage, project)) return;
    const installations = pythonInstallations(project).filter(({ document }) => document === file);
    if (installations.some(({ isPartlyUnknown }) => isPartlyUnknown) || installsCudaPackages(stage)) return;
    // What this image installs and not what another folder of the project asks for.
    const packages = new Set(installations.flatMap((one) => one.packages.map(({ name }) => name)));
    if (needsSystemCuda(packages) || mayCompileAtStart(stage, packages, project)) return;
    if (compilesInBuild(stage, packages) !== 'no') return;
    for (const installation of installations) {
      const found = installation.packages
        .map((one) => ({ one, cuda: packageCuda(one, installation) }))
        .find(({ cuda }) => cuda.state === 'known');
      if (!found || found.cuda.state !== 'known') continue;
      const image = stage.base.value.text;
      const bytes = bytesOver(image);
      const fix = otherFlavor(word.raw, word.span.start, 'base', root, dockerfile);
      yield {
        span: word.span,
        what:
          bytes === undefined
            ? '{requirement} brings CUDA {cuda}, and never loads the libraries of {image}'
            : '{requirement} brings CUDA {cuda}, and never loads the {bytes} of libraries of {image}',
        with: {
          requirement: requirementText(found.one, project),
          cuda: found.cuda.value,
          image,
          ...(bytes === undefined ? {} : { bytes: byteText(bytes) }),
        },
        ...(bytes === undefined ? {} : { bytes }),
        ...(fix ? { fix } : {}),
        related: [
          { file: found.one.file, span: requirementSpan(found.one, project), what: 'Brings its own CUDA' },
        ],
      };
      return;
    }
  },
});

/** Someone asks the system's package manager for CUDA libraries: something will load them. */
function installsCudaPackages(stage: Stage): boolean {
  return runsOf(instructionsOf(stage)).some((run) =>
    packageCommandsOf(run).some(
      ({ manager, packages }) =>
        !['pip', 'uv', 'conda'].includes(manager) &&
        packages.some((word) =>
          /cudnn|nvinfer|tensorrt|cublas|cufft|^cuda|^libcu|nccl|npp/.test(literalOf(word) ?? word.raw),
        ),
    ),
  );
}

/** What the flavour has more than `-base`, where both were measured. */
function bytesOver(image: string): number | undefined {
  const whole = describeBaseImage(image).diskBytes;
  const least = describeBaseImage(image.replace(/(-cudnn\d*)?-(?:devel|runtime)\b/, '-base')).diskBytes;
  return whole.state === 'known' && least.state === 'known' ? whole.value - least.value : undefined;
}
