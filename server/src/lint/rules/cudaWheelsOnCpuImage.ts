import { byteText } from '../../project/byteText';
import { cpuBuildFix } from '../facts/cpuBuildFix';
import { cudaWheelsIn } from '../facts/cudaWheels';
import { defineRule } from '../rule';
import { cpuInstalledBytes } from '../torchBuild';

export const cudaWheelsOnCpuImage = defineRule({
  name: 'cuda-wheels-on-cpu-image',
  on: ['requirements', 'pyproject', 'lock', 'dockerfile'],
  concern: 'size',
  severity: 'warning',
  summary: 'An image that never uses a GPU installs the CUDA build of torch.',
  why: 'On PyPI, torch for Linux on x86-64 is the CUDA build: it brings about 3 GB of NVIDIA wheels, more than 5 GB once installed, and a CPU never runs a byte of them.',
  next: 'Take the CPU build: add the index https://download.pytorch.org/whl/cpu and pin the version with +cpu, or run the model with ONNX Runtime instead of torch.',
  sources: [
    'PyPI, file sizes of torch and the wheels it requires',
    'PyTorch docs, Start Locally',
    'uv docs, Using uv with PyTorch',
  ],
  fixKind: 'derived',
  aboutSize: true,
  *check({ file, project }) {
    for (const wheels of cudaWheelsIn(project)) {
      if (wheels.file !== file.path) continue;
      const { build, installation, requirement, isTorch, span } = wheels;
      const bytes = build.installedBytes - cpuInstalledBytes;
      const fix = cpuBuildFix(wheels, project);
      const elsewhere = installation.document.path !== file.path;
      yield {
        span,
        what: isTorch
          ? '{requirement} brings CUDA {cuda}: about {bytes}; nothing here uses a GPU'
          : '{requirement} brings torch with CUDA {cuda}: about {bytes}; nothing here uses a GPU',
        with: { requirement, cuda: build.cuda ?? '', bytes: byteText(bytes) },
        bytes,
        ...(fix ? { fix } : {}),
        ...(elsewhere
          ? {
              related: [
                {
                  file: installation.document.path,
                  span: installation.command.actionWord.span,
                  what: 'Installed here',
                },
              ],
            }
          : {}),
      };
    }
  },
});
