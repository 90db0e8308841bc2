// Asks PyPI through uv, the ordinary client: `uv pip compile --format pylock.toml` lists every wheel of what it picked.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Packages of a pylock.toml as uv writes it: `{name, version, wheels: [{file, bytes}], hasSdist}`. */
export function readPylock(text) {
  return text
    .split(/^\[\[packages\]\]$/m)
    .slice(1)
    .map((block) => ({
      name: /^name = "([^"]+)"/m.exec(block)?.[1] ?? '',
      version: /^version = "([^"]+)"/m.exec(block)?.[1] ?? '',
      wheels: [...block.matchAll(/\burl = "[^"]*\/([^"/]+\.whl)"[^}]*?\bsize = (\d+)/g)].map(
        ([, file, bytes]) => ({
          file,
          bytes: Number(bytes),
        }),
      ),
      hasSdist: /^sdist = /m.test(block),
    }));
}

/**
 * What uv picks for `requirements`. `options` are further arguments, such as `--no-deps --universal`. When a package
 * asks for a newer Python than `python`, that one is taken: older wheels than it do not exist then.
 */
export function lock(requirements, python, options, uv = process.env['UV'] ?? 'uv') {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-lock-'));
  try {
    writeFileSync(join(folder, 'requirements.in'), `${requirements.join('\n')}\n`);
    const output = join(folder, 'pylock.toml');
    let version = python;
    // What uv has read already in this run is asked from its cache first: a registry without cache headers is read anew each time.
    let where = ['--offline'];
    for (let attempt = 0; attempt < 16; attempt++) {
      const args = [
        'pip',
        'compile',
        '--quiet',
        ...where,
        '--format',
        'pylock.toml',
        '--python-version',
        version,
        ...options,
      ];
      try {
        execFileSync(uv, [...args, '-o', output, join(folder, 'requirements.in')], {
          stdio: ['ignore', 'ignore', 'pipe'],
        });
        return readPylock(readFileSync(output, 'utf8'));
      } catch (error) {
        const said = String(error.stderr);
        const wanted =
          /(?:only supports|depends on Python|requires Python)\s*>=\s*(3\.\d+)/.exec(said)?.[1] ??
          /Python>=(3\.\d+)/.exec(said)?.[1];
        if (wanted && wanted !== version) version = wanted;
        else if (where.length > 0) where = [];
        else throw error;
      }
    }
    throw new Error(`No Python version fits ${requirements.join(', ')}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Final versions of a package, newest first, by pip. */
export function versionsOf(name, pip = process.env['PIP'] ?? 'pip') {
  const said = execFileSync(pip, ['index', 'versions', name], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return (/Available versions: (.*)/.exec(said)?.[1] ?? '').split(', ').map((version) => version.trim());
}

/** `{python: 'cp311', abi: 'abi3', platform: 'manylinux_2_28_x86_64'}` of a wheel's name. */
export function wheelTags(file) {
  const [python = '', abi = '', platform = ''] = file
    .replace(/\.whl$/, '')
    .split('-')
    .slice(-3);
  return { python, abi, platform };
}
