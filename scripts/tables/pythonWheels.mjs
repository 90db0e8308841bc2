// For which Python series and machines the versions of packages that people pin have wheels.
//
// UV=… PIP=… node scripts/tables/pythonWheels.mjs    needs uv and pip (PyPI); takes about ten minutes
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { lock, versionsOf, wheelTags } from './pylock.mjs';

/** Package -> the oldest version looked at. */
const packages = {
  torch: '1.13',
  torchvision: '0.15',
  torchaudio: '2.0',
  tensorflow: '2.12',
  'tensorflow-cpu': '2.12',
  onnxruntime: '1.15',
  'onnxruntime-gpu': '1.15',
  numpy: '1.21',
  scipy: '1.9',
  pandas: '1.5',
  'scikit-learn': '1.2',
  tokenizers: '0.13',
  xformers: '0.0.20',
  vllm: '0.6.0',
  sentencepiece: '0.1.96',
  numba: '0.56',
  pillow: '9.0',
};

/**
 * Series with a Linux glibc wheel for `machine`, as `3.9-3.13`, `3.8+` for the stable ABI, `any` for pure wheels,
 * `''` for none. Free-threaded builds do not count.
 */
export function seriesFor(files, machine) {
  const minors = new Set();
  let stable;
  for (const file of files) {
    const { python, abi, platform } = wheelTags(file);
    if (platform === 'any' && /^py(2\.py)?3$/.test(python)) return 'any';
    if (!/linux/.test(platform) || /musllinux/.test(platform) || !platform.endsWith(`_${machine}`)) continue;
    const minor = Number(/^cp3(\d+)$/.exec(python)?.[1] ?? NaN);
    if (python === 'py3' || python === 'py2.py3') return 'any';
    if (Number.isNaN(minor)) continue;
    if (abi === 'abi3') stable = Math.min(stable ?? minor, minor);
    else if (!abi.endsWith('t')) minors.add(minor);
  }
  if (stable !== undefined) return `3.${Math.min(stable, ...minors)}+`;
  const sorted = [...minors].sort((a, b) => a - b);
  if (sorted.length === 0) return '';
  const whole = sorted.at(-1) - sorted[0] + 1 === sorted.length;
  return whole && sorted.length > 1
    ? `3.${sorted[0]}-3.${sorted.at(-1)}`
    : sorted.map((minor) => `3.${minor}`).join(' ');
}

export function compareVersions(a, b) {
  const parts = (version) =>
    version
      .replace(/\.?post/, '.0.')
      .split('.')
      .map(Number);
  const [left, right] = [parts(a), parts(b)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** One row for versions in a line that have the same wheels. */
export function foldRows(rows) {
  const folded = [];
  for (const { version, ...rest } of rows) {
    const last = folded.at(-1);
    if (last && JSON.stringify({ ...last, versions: 0 }) === JSON.stringify({ versions: 0, ...rest }))
      last.versions.push(version);
    else folded.push({ versions: [version], ...rest });
  }
  return folded;
}

function main() {
  const table = {};
  for (const [name, oldest] of Object.entries(packages)) {
    const versions = versionsOf(name).filter((version) => compareVersions(version, oldest) >= 0);
    const rows = [];
    for (const version of versions) {
      try {
        const [found] = lock([`${name}==${version}`], '3.8', ['--universal', '--no-deps']);
        const files = found.wheels.map(({ file }) => file);
        rows.push({
          version,
          x86_64: seriesFor(files, 'x86_64'),
          aarch64: seriesFor(files, 'aarch64'),
          sdist: found.hasSdist,
        });
      } catch (error) {
        process.stderr.write(`${name} ${version}: ${String(error.stderr ?? error).slice(0, 300)}\n`);
      }
    }
    table[name] = foldRows(rows);
    process.stderr.write(`${name}: ${rows.length} of ${versions.length} versions\n`);
  }
  const lines = Object.entries(table).map(
    ([name, rows]) =>
      `  ${JSON.stringify(name)}: [\n${rows.map((row) => `   ${JSON.stringify(row)}`).join(',\n')}\n  ]`,
  );
  const head = {
    date: new Date().toISOString().slice(0, 10),
    source: 'PyPI, by uv and pip',
    script: 'scripts/tables/pythonWheels.mjs',
  };
  writeFileSync(
    new URL('../../server/src/lint/data/pythonWheels.json', import.meta.url),
    `${JSON.stringify(head).slice(0, -1)},"packages":{\n${lines.join(',\n')}\n}}\n`,
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main();
