import {
  firstOfEachPlace,
  installedBy,
  requirementSpan,
  requirementText,
  servedPackagesIn,
} from '../facts/servedPackages';
import { mentionedPackages, readsUnknownRequirements } from '../facts/mentionedPackages';
import { pythonInstallations } from '../facts/pythonInstallations';
import { baseOf } from '../facts/stageFacts';
import { defineRule } from '../rule';

export const ascendTorchWithoutNpu = defineRule({
  name: 'ascend-torch-without-npu',
  on: ['requirements', 'pyproject', 'dockerfile'],
  concern: 'gpu',
  severity: 'info',
  summary: 'PyTorch is installed on an Ascend image without torch-npu.',
  why: 'PyTorch alone knows no Ascend device: it runs on the CPU, and `.to("npu")` raises an error.',
  next: 'Install the torch-npu of the same version as torch, and import it before the device is used.',
  sources: ['Ascend/pytorch, README, Ascend Auxiliary Software (torch and torch-npu versions)'],
  *check({ file, project }) {
    for (const served of firstOfEachPlace(servedPackagesIn(file.path, project))) {
      const { package: one, installation } = served;
      const stage = installation.document.dockerfile.finalStage;
      if (!stage || one.name !== 'torch') continue;
      const base = baseOf(stage);
      // Only the CANN images are known to hold no torch-npu of their own.
      if (base.accelerator.state !== 'known' || base.accelerator.value !== 'ascend') continue;
      if (base.name.state !== 'known' || !/(^|\/)cann$/.test(base.name.value)) continue;
      const siblings = pythonInstallations(project).filter(
        ({ document }) => document === installation.document,
      );
      const others = mentionedPackages(stage, project);
      const isBrought = [...others].some((name) => /npu|mindspore|mindie|ascend/.test(name));
      const isUnknown =
        readsUnknownRequirements(stage, project) || siblings.some((sibling) => sibling.isPartlyUnknown);
      if (isBrought || isUnknown || stage.base.state !== 'known') continue;
      yield {
        span: requirementSpan(one, project),
        what: '{requirement} finds no NPU on {image}: torch-npu is not installed',
        with: { requirement: requirementText(one, project), image: stage.base.value.text },
        related: installedBy(served),
      };
    }
  },
});
