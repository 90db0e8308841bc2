import { type Answer, known, unknown } from '../answer';
import type { ImageReference } from './imageReference';

/**
 * Images taken to set no working folder, so that it is `/`: official images of Docker Hub and NVIDIA's cuda images.
 * Listed from general knowledge; the images' configurations were not read, as no registry could be reached.
 */
const withoutWorkdir =
  /^(python|debian|ubuntu|alpine|busybox|fedora|rockylinux|almalinux|amazonlinux|node|gcc|buildpack-deps|nvidia\/cuda)$/;

/** The folder in force before the first WORKDIR of a stage on this image. */
export function baseWorkdir({ name }: ImageReference): Answer<string> {
  return withoutWorkdir.test(name) ? known('/') : unknown;
}
