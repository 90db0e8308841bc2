import { debianHas, debianInstall } from './debian.mjs';

const debianPackages = ['docker-registry', 'apache2-utils'];

export const registry = {
  name: 'registry',
  what: 'an image registry (docker-registry) and htpasswd',
  places: { program: '/usr/bin/docker-registry', htpasswd: '/usr/bin/htpasswd' },
  ready: () => debianHas(debianPackages),
  install: () => debianInstall(debianPackages),
};
