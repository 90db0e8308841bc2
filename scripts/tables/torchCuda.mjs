// What `pip install torch` brings on Linux: the CUDA version of PyPI's build, its NVIDIA and Triton wheels with their
// bytes, and the other builds the PyTorch index has.
//
// UV=… PIP=… node scripts/tables/torchCuda.mjs COG    needs uv and pip (PyPI); COG = a clone of replicate/cog, whose
// torch_compatibility.json is generated from the PyTorch index
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { lock, versionsOf, wheelTags } from './pylock.mjs';
import { compareVersions } from './pythonWheels.mjs';

const platforms = { x86_64: 'x86_64-manylinux_2_28', aarch64: 'aarch64-manylinux_2_28' };

/** Series tried in turn: old torch has no wheel for new Python, and the other way round. */
const pythons = ['3.11', '3.10', '3.12'];

/** The wheel of a package that pip takes on that machine; its bytes differ little between Python series. */
export function wheelFor(wheels, machine, python) {
  const digits = python.replace('.', '');
  const fits = wheels.filter(({ file }) => {
    const tags = wheelTags(file);
    if (tags.platform === 'any') return true;
    if (
      !tags.platform.includes('linux') ||
      tags.platform.includes('musllinux') ||
      !tags.platform.endsWith(`_${machine}`)
    )
      return false;
    return tags.python.startsWith('py') || tags.python === `cp${digits}` || tags.abi === 'abi3';
  });
  return fits.find(({ file }) => !wheelTags(file).abi.endsWith('t')) ?? fits[0];
}

/** `12.6` from the CUDA runtime among the packages; undefined for a build without CUDA. */
export function cudaOf(packages) {
  const runtime =
    packages.find(({ name }) => /^nvidia-cuda-runtime(?:-cu\d+)?$/.test(name)) ??
    packages.find(({ name }) => name === 'cuda-toolkit');
  return runtime === undefined ? undefined : runtime.version.split('.').slice(0, 2).join('.');
}

const comesWithCuda = /^nvidia-|^triton$|^cuda-|^pytorch-triton/;

/** `{cuda, torchBytes, set: {name: [version, bytes]}}`; `set` are the packages that only a CUDA build needs. */
export function buildOf(packages, machine, python) {
  const set = {};
  let torchBytes;
  for (const { name, version, wheels } of packages) {
    const bytes = wheelFor(wheels, machine, python)?.bytes;
    if (name === 'torch') torchBytes = bytes;
    else if (comesWithCuda.test(name)) set[name] = [version, bytes ?? null];
  }
  return { cuda: cudaOf(packages) ?? null, torchBytes: torchBytes ?? null, set };
}

/** Torch version -> `cpu`, `cu126` …, from cog's rows. */
export function indexBuilds(rows) {
  const builds = {};
  for (const { Torch: torch, CUDA: cuda } of rows) {
    const [version, tag] = torch.split('+');
    (builds[version] ??= []).push(tag ?? (cuda === null ? 'cpu' : `cu${cuda.replace('.', '')}`));
  }
  return builds;
}

function main() {
  const cog = process.argv[2];
  const builds = indexBuilds(
    JSON.parse(readFileSync(join(cog, 'pkg/config/torch_compatibility.json'), 'utf8')),
  );
  const rows = [];
  const sets = {};
  for (const version of versionsOf('torch').filter((candidate) => compareVersions(candidate, '1.13') >= 0)) {
    const row = { torch: version };
    for (const [machine, platform] of Object.entries(platforms)) {
      for (const python of pythons) {
        try {
          const build = buildOf(
            lock([`torch==${version}`], python, ['--python-platform', platform]),
            machine,
            python,
          );
          if (build.torchBytes === null) continue;
          const setBytes = Object.values(build.set).reduce((sum, [, bytes]) => sum + (bytes ?? 0), 0);
          row[machine] = { cuda: build.cuda, torchBytes: build.torchBytes, setBytes };
          // The single wheels are listed for x86_64 alone, where most images are built.
          if (machine === 'x86_64' && build.cuda !== null) {
            const same = Object.keys(sets).find(
              (name) => JSON.stringify(sets[name]) === JSON.stringify(build.set),
            );
            if (!same) sets[version] = build.set;
            row[machine].set = same ?? version;
          }
          break;
        } catch (error) {
          if (python === pythons.at(-1))
            process.stderr.write(
              `torch ${version} ${machine}: ${String(error.stderr ?? error).slice(0, 200)}\n`,
            );
        }
      }
    }
    if (builds[version]) row.indexBuilds = builds[version];
    rows.push(row);
    process.stderr.write(`torch ${version} ${row.x86_64?.cuda} ${row.aarch64?.cuda}\n`);
  }
  const head = {
    date: new Date().toISOString().slice(0, 10),
    source: 'PyPI, by uv and pip; builds of the PyTorch index from replicate/cog torch_compatibility.json',
    script: 'scripts/tables/torchCuda.mjs',
  };
  const list = (entries) => entries.join(',\n  ');
  writeFileSync(
    new URL('../../server/src/lint/data/torchCuda.json', import.meta.url),
    `${JSON.stringify(head).slice(0, -1)},"rows":[\n  ${list(rows.map((row) => JSON.stringify(row)))}\n],"sets":{\n  ${list(Object.entries(sets).map(([key, set]) => `${JSON.stringify(key)}: ${JSON.stringify(set)}`))}\n}}\n`,
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main();
