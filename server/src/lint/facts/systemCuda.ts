import type { BaseImage } from '../../project/baseImage';
import type { Stage } from '../../project/dockerfile/dockerfile';
import { literalOf } from '../../project/shell/commandArguments';
import { instructionsOf, packageCommandsOf, runsOf } from './stageFacts';

/** CUDA libraries in the system of an image: `none`, or their majors; undefined where nobody can tell. */
export type SystemCuda = 'none' | { readonly cuda: string; readonly cudnn: string | undefined } | undefined;

/** What the base image brings, where no instruction adds to it. */
export function systemCuda(stage: Stage, base: BaseImage): SystemCuda {
  if (base.name.state !== 'known' || addsLibraries(stage)) return undefined;
  if (base.accelerator.state === 'absent') return 'none';
  if (base.name.value !== 'nvidia/cuda' || base.cuda.state !== 'known') return undefined;
  const { version, flavor, cudnn } = base.cuda.value;
  if (flavor.state !== 'known') return undefined;
  if (flavor.value === 'base') return 'none';
  const cuda = version.split('.')[0] ?? '';
  if (cudnn.state !== 'known') return cudnn.state === 'absent' ? { cuda, cudnn: undefined } : undefined;
  // A tag that says `cudnn` without a number carries the newest, which is 9 since CUDA 12.3.
  const major = cudnn.value === '' ? '9' : cudnn.value;
  return { cuda, cudnn: major };
}

/** Libraries may come by the system's package manager, as files of another image, or from a folder ENV names. */
function addsLibraries(stage: Stage): boolean {
  if (stage.end.env.has('LD_LIBRARY_PATH')) return true;
  const instructions = instructionsOf(stage);
  if (
    instructions.some(
      (instruction) =>
        instruction.kind === 'copy' &&
        [...instruction.sources, ...(instruction.destination ? [instruction.destination] : [])].some(
          ({ raw }) => /cuda|cudnn|nvidia|\.so\b|\/lib(64)?(\/|$)|^\/(usr(\/local)?\/?)?$/i.test(raw),
        ),
    )
  )
    return true;
  return runsOf(instructions).some(
    (run) =>
      run.script.syntaxError !== undefined ||
      run.script.commands.some(({ program }) => /\.(sh|run)$|^(ba)?sh$/.test(program)) ||
      packageCommandsOf(run).some(
        ({ manager, packages }) =>
          manager === 'conda' ||
          packages.some((word) =>
            /cudnn|nvinfer|tensorrt|cublas|^cuda|^libcu|nvidia/.test(literalOf(word) ?? word.raw),
          ),
      ),
  );
}
