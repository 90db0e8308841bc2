import { clauseAllows } from '../project/dependencies/specifier';
import table from './data/onnxruntimeGpu.json';

/** The majors of CUDA and cuDNN that one version of onnxruntime-gpu loads. */
export interface GpuLibraries {
  readonly cuda: string;
  readonly cudnn: string;
}

interface Row extends GpuLibraries {
  readonly from: string;
  readonly before?: string;
}

/** Of a version, or of the newest when nothing is pinned; undefined for versions older than the table. */
export function onnxruntimeGpuLibraries(version: string | undefined): GpuLibraries | undefined {
  const rows = table.rows as readonly Row[];
  return version === undefined
    ? rows.at(-1)
    : rows.find(
        ({ from, before }) =>
          clauseAllows('>=', from, version) && (before === undefined || clauseAllows('<', before, version)),
      );
}
