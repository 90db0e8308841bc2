import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir, installFolder, runLogged } from './cache.mjs';
import { debianHas, debianInstall } from './debian.mjs';

const moby = 'v2.0.0-beta.24';
const runc = 'v1.5.2';
const buildx = 'v0.38.2';
const folder = join(cacheDir, `engines-moby-${moby}-runc-${runc}-buildx-${buildx}`);
const debianPackages = ['docker.io', 'iptables', 'iproute2', 'libseccomp-dev', 'pkg-config'];

const places = {
  /** dockerd 20.10 of Debian. */
  oldDockerd: '/usr/sbin/dockerd',
  /** dockerd, docker-proxy and runc, to be first in PATH. */
  currentBin: join(folder, 'bin'),
  /** A plugin folder with docker-buildx, for DOCKER_CONFIG/cli-plugins. */
  buildx: join(folder, 'plugins/docker-buildx'),
  /** Any docker client; the newest in PATH serves both engines. */
  docker: ['/usr/local/bin/docker', '/usr/bin/docker'].find((path) => existsSync(path)) ?? '/usr/bin/docker',
};

export const engines = {
  name: 'engines',
  what: 'an old and a current container engine, and buildx',
  places,
  ready: () => existsSync(places.currentBin) && debianHas(debianPackages),
  async install() {
    await debianInstall(debianPackages);
    await installFolder(folder, async (half) => {
      const bin = join(half, 'bin');
      const plugins = join(half, 'plugins');
      mkdirSync(plugins, { recursive: true });
      const go = (label, where, ...args) =>
        runLogged(`engines-${label}`, 'go', ['install', ...args], {
          env: { GOBIN: where, CGO_ENABLED: '1', GOFLAGS: '-buildvcs=false' },
        });
      await go('docker-proxy', bin, `github.com/moby/moby/v2/cmd/docker-proxy@${moby}`);
      await go('dockerd', bin, `github.com/moby/moby/v2/cmd/dockerd@${moby}`);
      await go('runc', bin, '-tags', 'seccomp', `github.com/opencontainers/runc@${runc}`);
      const buildxBin = join(half, 'buildx');
      await go('buildx', buildxBin, `github.com/docker/buildx/cmd/buildx@${buildx}`);
      renameSync(join(buildxBin, 'buildx'), join(plugins, 'docker-buildx'));
      rmSync(buildxBin, { recursive: true });
    });
  },
};
