import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { cacheDir, installFolder, runLogged } from './cache.mjs';
import { debianInstall } from './debian.mjs';

const recipe = 'v1';
const folder = join(cacheDir, `images-${recipe}`);
const debianPackages = ['debootstrap'];
const certificates = '/etc/ssl/certs/ca-certificates.crt';

/** Root file systems that stand in for the images of the same name; tests import them under these references. */
const places = {
  'debian:bookworm-slim': join(folder, 'debian-bookworm-slim.tar'),
  'python:3.11-slim': join(folder, 'python-3.11-slim.tar'),
};

/** What the slim images leave out or switch off, as in their published build scripts. */
const slimFiles = {
  'etc/dpkg/dpkg.cfg.d/docker': [
    'path-exclude /usr/share/doc/*',
    'path-include /usr/share/doc/*/copyright',
    'path-exclude /usr/share/man/*',
    'path-exclude /usr/share/locale/*',
    'path-exclude /usr/share/info/*',
  ],
  'etc/apt/apt.conf.d/docker-clean': [
    'DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*.deb /var/cache/apt/*.bin || true"; };',
    'APT::Update::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*.deb /var/cache/apt/*.bin || true"; };',
    'Dir::Cache::pkgcache ""; Dir::Cache::srcpkgcache "";',
  ],
  'etc/apt/apt.conf.d/docker-gzip-indexes': ['Acquire::GzipIndexes "true";'],
};

/** The mirror that this machine's own apt uses. */
function mirror() {
  const folder = '/etc/apt/sources.list.d';
  const files = [
    ...(existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []),
    '/etc/apt/sources.list',
  ];
  const text = files
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  const found = /^URIs:\s*(\S+)/m.exec(text) ?? /^deb\s+(?:\[[^\]]*\]\s+)?(\S+)/m.exec(text);
  if (!found) throw new Error('This machine names no Debian mirror in /etc/apt.');
  return found[1];
}

async function bootstrap(root, packages) {
  await runLogged('images-debootstrap', 'debootstrap', [
    '--variant=minbase',
    `--include=${packages.join(',')}`,
    'bookworm',
    root,
    mirror(),
  ]);
  for (const [path, lines] of Object.entries(slimFiles))
    writeFileSync(join(root, path), `${lines.join('\n')}\n`);
  // Builds inside go through the machine's own network, so they need its certificates and mirrors.
  copyFileSync(certificates, join(root, certificates));
  rmSync(join(root, 'etc/apt/sources.list'), { force: true });
  mkdirSync(join(root, 'etc/apt/sources.list.d'), { recursive: true });
  const sources = '/etc/apt/sources.list.d/debian.sources';
  if (existsSync(sources)) copyFileSync(sources, join(root, sources));
  else writeFileSync(join(root, 'etc/apt/sources.list'), `deb ${mirror()} bookworm main\n`);
  for (const path of [
    'usr/share/man',
    'usr/share/locale',
    'usr/share/info',
    'var/cache/apt',
    'var/lib/apt/lists',
  ]) {
    rmSync(join(root, path), { recursive: true, force: true });
    mkdirSync(join(root, path), { recursive: true });
  }
  mkdirSync(join(root, 'var/cache/apt/archives/partial'), { recursive: true });
  rmSync(join(root, 'var/log/bootstrap.log'), { force: true });
}

async function pack(root, tar) {
  await runLogged('images-pack', 'tar', ['--numeric-owner', '-C', root, '-cf', tar, '.']);
  rmSync(root, { recursive: true, force: true });
}

export const images = {
  name: 'images',
  what: 'stand-ins for python:3.11-slim and debian:bookworm-slim',
  places,
  ready: () => existsSync(folder),
  async install() {
    await debianInstall(debianPackages);
    await installFolder(folder, async (half) => {
      const debian = join(half, 'debian');
      await bootstrap(debian, ['ca-certificates']);
      await pack(debian, join(half, 'debian-bookworm-slim.tar'));
      const python = join(half, 'python');
      await bootstrap(python, ['ca-certificates', 'python3', 'python3-pip', 'python3-venv']);
      rmSync(join(python, 'usr/lib/python3.11/EXTERNALLY-MANAGED'), { force: true });
      await runLogged('images-link', 'ln', ['-s', 'python3', join(python, 'usr/bin/python')]);
      await pack(python, join(half, 'python-3.11-slim.tar'));
    });
  },
};
