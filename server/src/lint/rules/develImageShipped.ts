import { compilesInBuild, mayCompileAtStart } from '../facts/compileSignals';
import { mentionedPackages, readsUnknownRequirements } from '../facts/mentionedPackages';
import { needsSystemCuda } from '../facts/needsSystemCuda';
import { otherFlavor } from '../facts/otherFlavor';
import { baseOf, purposeOf, stageChain } from '../facts/stageFacts';
import { defineRule } from '../rule';

export const develImageShipped = defineRule({
  name: 'devel-image-shipped',
  on: 'dockerfile',
  concern: 'size',
  severity: 'warning',
  summary: 'The image that serves stands on a -devel base, with compiler, headers and static libraries.',
  why: 'Nothing here compiles when it runs, and -devel adds 2.5 to 4 GB that every host pulls: saturncloud’s image went from 6.42 to 3.87 GB without it.',
  next: 'Start the final stage from the -base image where torch’s wheels bring CUDA, from -runtime otherwise.',
  sources: [
    'NVIDIA CUDA image documentation, Overview of Images',
    'saturncloud/images pull request 256',
    'PyTorch docs, Get Started (wheels carry their CUDA libraries)',
  ],
  fixKind: 'derived',
  *check({ dockerfile, project }) {
    const stage = dockerfile.finalStage;
    const { purpose, confidence } = purposeOf(dockerfile);
    if (!stage || purpose !== 'serving' || confidence === 'guess' || stage.base.state !== 'known') return;
    const image = stage.base.value;
    const base = baseOf(stage);
    const isDevel =
      base.cuda.state === 'known' &&
      base.cuda.value.flavor.state === 'known' &&
      base.cuda.value.flavor.value === 'devel';
    const isRocm = image.name.startsWith('rocm/dev-');
    const root = stageChain(stage)[0];
    const word = root?.from.imageWord;
    if (!word || !root || (!isDevel && !isRocm) || readsUnknownRequirements(stage, project)) return;
    const packages = mentionedPackages(stage, project);
    if (mayCompileAtStart(stage, packages, project)) return;
    const compiles = compilesInBuild(stage, packages);
    const flavor = isDevel && compiles !== 'yes' ? smallerFlavor(image.name, packages) : undefined;
    const fix =
      flavor && compiles === 'no'
        ? otherFlavor(word.raw, word.span.start, flavor, root, dockerfile)
        : undefined;
    yield {
      span: word.span,
      what: 'The final stage ships the compiler and headers of {image}',
      with: { image: image.text },
      ...(compiles === 'yes'
        ? {
            next: 'Compile in a build stage on this image, and copy the result into a final stage on the -runtime or -base image.',
          }
        : isRocm
          ? {
              next: 'Keep {image} for a build stage: torch’s ROCm wheels bring their libraries and run on a plain base.',
            }
          : {}),
      ...(fix ? { fix } : {}),
    };
  },
});

function smallerFlavor(name: string, packages: ReadonlySet<string>): 'base' | 'runtime' {
  const hasBase = name !== 'pytorch/pytorch' && !name.endsWith('cuda-dl-base');
  return hasBase && packages.has('torch') && !needsSystemCuda(packages) ? 'base' : 'runtime';
}
