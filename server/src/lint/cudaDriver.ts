import table from './data/cudaDriver.json';

/** The oldest NVIDIA driver that runs a CUDA major on Linux; undefined for a major nobody listed. */
export function driverFor(cudaMajor: string): string | undefined {
  return table.rows.find(({ cuda }) => cuda === cudaMajor)?.driver;
}
