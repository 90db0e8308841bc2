import type { MarkerEnvironment } from './marker';

/** What is known of the interpreter inside an image; undefined parts stay unknown to markers. */
export interface ContainerPython {
  /** `3.11` or `3.11.7`. */
  readonly python: string | undefined;
  /** As `uname -m` says. */
  readonly arch: string | undefined;
}

/** The marker variables of CPython in a Linux container. The kernel's release and version are never known. */
export function containerEnvironment(
  { python, arch }: ContainerPython,
  extras?: readonly string[],
): MarkerEnvironment {
  const [major, minor, patch] = python?.split('.') ?? [];
  return {
    variables: {
      os_name: 'posix',
      sys_platform: 'linux',
      platform_system: 'Linux',
      platform_python_implementation: 'CPython',
      implementation_name: 'cpython',
      ...(arch === undefined ? {} : { platform_machine: arch }),
      ...(major !== undefined && minor !== undefined ? { python_version: `${major}.${minor}` } : {}),
      ...(python !== undefined && patch !== undefined
        ? { python_full_version: python, implementation_version: python }
        : {}),
    },
    ...(extras ? { extras } : {}),
  };
}
