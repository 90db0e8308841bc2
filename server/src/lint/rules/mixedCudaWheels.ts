import { packageCuda } from '../facts/packageCuda';
import type { PythonInstallation } from '../facts/pythonInstallations';
import {
  firstOfEachPlace,
  requirementSpan,
  requirementText,
  servedPackagesIn,
} from '../facts/servedPackages';
import type { InstalledPackage } from '../../project/dependencies/packageSet';
import { driverFor } from '../cudaDriver';
import { defineRule } from '../rule';

export const mixedCudaWheels = defineRule({
  name: 'mixed-cuda-wheels',
  on: ['requirements', 'pyproject', 'dockerfile'],
  concern: 'gpu',
  severity: 'info',
  summary: 'Wheels for different major versions of CUDA are installed into one image.',
  why: 'Each loads its own libraries: cuDNN alone is there twice, 0.5 to 0.8 GB a copy, and an extension built for the other version stops at import. The newest decides which driver the host needs.',
  next: 'Take every wheel for the same CUDA: the suffix or the index of torch, and the -cuNN of the others, say which it is.',
  sources: [
    'NVIDIA, CUDA Compatibility, Minor Version Compatibility, table 1',
    'PyPI, names of the nvidia and cupy wheels',
  ],
  *check({ file, project }) {
    for (const served of firstOfEachPlace(servedPackagesIn(file.path, project))) {
      const { package: one, installation } = served;
      const own = one.name === 'torch' ? undefined : majorOf(one, installation);
      const torch =
        own === undefined ? undefined : installation.packages.find(({ name }) => name === 'torch');
      const other = torch && majorOf(torch, installation);
      if (!torch || own === undefined || other === undefined || own === other) continue;
      const newest = Number(own) > Number(other) ? own : other;
      const driver = driverFor(newest);
      yield {
        span: requirementSpan(one, project),
        what:
          driver === undefined
            ? '{requirement} is for CUDA {own}, {torch} for CUDA {other}'
            : '{requirement} is for CUDA {own}, {torch} for CUDA {other}; both need a driver of {driver} or newer',
        with: {
          requirement: requirementText(one, project),
          own,
          torch: requirementText(torch, project),
          other,
          ...(driver === undefined ? {} : { driver }),
        },
        related: [{ file: torch.file, span: requirementSpan(torch, project), what: 'Brings another CUDA' }],
      };
    }
  },
});

function majorOf(one: InstalledPackage, installation: PythonInstallation): string | undefined {
  // A tool that locked them together has settled it.
  if (!one.isDirect || installation.isClosed) return undefined;
  const cupy = /^cupy-cuda(\d\d)x$/.exec(one.name)?.[1];
  if (cupy !== undefined) return cupy;
  const cuda = packageCuda(one, installation);
  return cuda.state === 'known' ? cuda.value.split('.')[0] : undefined;
}
