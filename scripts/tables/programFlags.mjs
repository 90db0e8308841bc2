// Which flags the server programs know, and which of them take a value: asked from their own option parsers, in the
// versions people pin.
//
// UV=… node scripts/tables/programFlags.mjs    needs uv (PyPI)
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Program -> how to get it in which versions, oldest first; `abbreviates` when its parser takes unique beginnings of flags. */
const programs = {
  uvicorn: {
    package: 'uvicorn',
    versions: ['0.13.4', '0.17.6', '0.20.0', '0.23.2', '0.27.1', '0.30.6', '0.34.0', '0.38.0', '0.54.0'],
    abbreviates: false,
  },
  gunicorn: {
    package: 'gunicorn',
    versions: ['20.0.4', '20.1.0', '21.2.0', '22.0.0', '23.0.0', '27.0.1'],
    with: ['setuptools<80'],
    abbreviates: true,
  },
  hypercorn: {
    package: 'hypercorn',
    versions: ['0.13.2', '0.14.4', '0.16.0', '0.17.3', '0.18.0'],
    abbreviates: true,
  },
  'fastapi run': {
    package: 'fastapi-cli',
    versions: ['0.0.4', '0.0.7', '0.0.16', '0.0.34'],
    with: ['fastapi', 'uvicorn'],
    abbreviates: false,
  },
  'flask run': {
    package: 'flask',
    versions: ['1.1.4', '2.0.3', '2.3.3', '3.1.3'],
    pins: { '1.1.4': ['markupsafe<2.1'], '2.0.3': ['werkzeug<2.1'] },
    abbreviates: false,
  },
  'streamlit run': {
    package: 'streamlit',
    versions: ['1.28.2', '1.40.2', '1.67.0'],
    pins: { '1.28.2': ['pyarrow<15', 'numpy<2'] },
    abbreviates: false,
    leftOut: '--theme.',
  },
  granian: { package: 'granian', versions: ['1.7.6', '2.8.7'], abbreviates: false },
  'waitress-serve': { package: 'waitress', versions: ['2.1.2', '3.0.2'], abbreviates: true },
};

/**
 * `[version, {flag: takesValue}]` pairs, oldest first, to one row per flag: `from` and `to` name the first and last
 * version that had it, left out where that is the first or last one asked. A flag takes a value as in its newest version.
 * Flags that begin with `leftOut` are many and alike; they are not listed.
 */
export function mergeFlags(answers, leftOut) {
  const merged = {};
  for (const [version, flags] of answers) {
    for (const [flag, takesValue] of Object.entries(flags)) {
      if (leftOut && flag.startsWith(leftOut)) continue;
      merged[flag] = { value: takesValue, from: merged[flag]?.from ?? version, to: version };
    }
  }
  const first = answers[0]?.[0];
  const last = answers.at(-1)?.[0];
  return Object.fromEntries(
    Object.entries(merged)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([flag, { value, from, to }]) => [
        flag,
        { value, ...(from === first ? {} : { from }), ...(to === last ? {} : { to }) },
      ]),
  );
}

function main() {
  const uv = process.env['UV'] ?? 'uv';
  const script = fileURLToPath(new URL('programFlags.py', import.meta.url));
  const rows = [];
  for (const [
    program,
    { package: name, versions, with: extra = [], pins = {}, abbreviates, leftOut },
  ] of Object.entries(programs)) {
    const answers = [];
    for (const version of versions) {
      const needs = [`${name}==${version}`, ...extra, ...(pins[version] ?? [])].flatMap((need) => [
        '--with',
        need,
      ]);
      try {
        const said = execFileSync(
          uv,
          ['run', '--quiet', '--no-project', '--isolated', ...needs, 'python', script, program],
          { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
        );
        answers.push([version, JSON.parse(said.trim().split('\n').at(-1))]);
      } catch (error) {
        process.stderr.write(
          `${program} ${version}: ${String(error.stderr ?? error)
            .trim()
            .split('\n')
            .at(-1)}\n`,
        );
      }
    }
    process.stderr.write(`${program}: ${answers.length} versions\n`);
    rows.push({
      program,
      package: name,
      versions: answers.map(([version]) => version),
      abbreviates,
      ...(leftOut ? { leftOut } : {}),
      flags: mergeFlags(answers, leftOut),
    });
  }
  const head = {
    date: new Date().toISOString().slice(0, 10),
    source: 'the option parsers of the packages on PyPI',
    script: 'scripts/tables/programFlags.mjs',
  };
  const lines = rows.map(({ flags, ...row }) => {
    const list = Object.entries(flags).map(
      ([flag, facts]) => `    ${JSON.stringify(flag)}: ${JSON.stringify(facts)}`,
    );
    return `  ${JSON.stringify(row).slice(0, -1)},"flags":{\n${list.join(',\n')}\n  }}`;
  });
  writeFileSync(
    new URL('../../server/src/lint/data/programFlags.json', import.meta.url),
    `${JSON.stringify(head).slice(0, -1)},"programs":[\n${lines.join(',\n')}\n]}\n`,
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main();
