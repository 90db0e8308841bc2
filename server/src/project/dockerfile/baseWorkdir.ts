import { type Answer, known, unknown } from '../answer';
import type { ImageReference } from './imageReference';

/**
 * Images whose configuration sets no working folder, so that it is `/`: the official images of Docker Hub named
 * here (docker-library's Dockerfiles, read 2026-11-22) and NVIDIA's cuda images.
 */
const withoutWorkdir =
  /^(python|debian|ubuntu|alpine|busybox|fedora|rockylinux|almalinux|amazonlinux|node|gcc|buildpack-deps|nvidia\/cuda)$/;

/** The folder in force before the first WORKDIR of a stage on this image. */
export function baseWorkdir({ name }: ImageReference): Answer<string> {
  return withoutWorkdir.test(name) ? known('/') : unknown;
}
