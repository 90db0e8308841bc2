// Packages that train, test, plot, or open windows, and what they weigh: what a serving image seldom needs.
//
// node scripts/tables/servingSurplus.mjs SIZES    SIZES = wheel-installed-sizes.tsv: wheel, bytes, installed bytes, measured
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const training = {
  notebook: [
    'jupyter',
    'jupyterlab',
    'notebook',
    'ipykernel',
    'ipython',
    'ipywidgets',
    'nbconvert',
    'nbformat',
  ],
  experiment: [
    'tensorboard',
    'tensorboardx',
    'wandb',
    'comet-ml',
    'clearml',
    'neptune',
    'optuna',
    'evaluate',
    'sacrebleu',
    'rouge-score',
    'kaggle',
    'label-studio',
  ],
  training: [
    'datasets',
    'deepspeed',
    'peft',
    'trl',
    'lightning',
    'pytorch-lightning',
    'torchmetrics',
    'fairscale',
    'gymnasium',
    'albumentations',
    'imgaug',
    'torchdata',
  ],
  plot: ['matplotlib', 'seaborn', 'plotly', 'bokeh', 'altair'],
  test: [
    'pytest',
    'pytest-cov',
    'pytest-asyncio',
    'pytest-mock',
    'pytest-xdist',
    'coverage',
    'hypothesis',
    'tox',
    'nox',
    'responses',
    'freezegun',
    'faker',
    'locust',
  ],
  lint: [
    'black',
    'flake8',
    'pylint',
    'mypy',
    'isort',
    'ruff',
    'pre-commit',
    'autopep8',
    'yapf',
    'pyright',
    'bandit',
  ],
  docs: ['sphinx', 'mkdocs', 'mkdocs-material'],
};
/** What comes with a package and weighs more than it. */
const brings = {
  datasets: ['pyarrow', 'pandas'],
  jupyter: ['jupyterlab', 'notebook'],
  seaborn: ['matplotlib', 'pandas'],
  mlflow: ['pyarrow', 'pandas', 'scikit-learn', 'matplotlib'],
};

const gui = [
  { package: 'opencv-python', instead: 'opencv-python-headless' },
  { package: 'opencv-contrib-python', instead: 'opencv-contrib-python-headless' },
  { package: 'pyqt5' },
  { package: 'pyqt6' },
  { package: 'pyside2' },
  { package: 'pyside6' },
  { package: 'pyside6-essentials' },
  { package: 'wxpython' },
  { package: 'pygame' },
  { package: 'pyautogui' },
  { package: 'pynput' },
  { package: 'kivy' },
  { package: 'pyglet' },
  { package: 'glfw' },
  { package: 'pyopengl' },
];
/** Debian packages that only windows and screens need. libgl1 is what opencv-python asks for. */
const guiApt = [
  'libgl1',
  'libgl1-mesa-glx',
  'libgl1-mesa-dri',
  'libsm6',
  'libxext6',
  'libxrender1',
  'libxrender-dev',
  'libqt5gui5',
  'python3-tk',
  'xvfb',
  'x11-apps',
  'xauth',
  'libgtk2.0-dev',
  'libgtk-3-0',
];

/** name -> `{version, wheelBytes, installedBytes}` of the newest version measured. */
export function measuredWheels(tsv) {
  const sizes = new Map();
  for (const line of tsv.split('\n').slice(1)) {
    const [wheel = '', bytes, installed] = line.split('\t');
    const [file = '', version = ''] = wheel.split('-');
    const name = file.toLowerCase().replace(/[._-]+/g, '-');
    const older = sizes.get(name);
    if (name && (!older || version.localeCompare(older.version, 'en', { numeric: true }) > 0)) {
      sizes.set(name, { version, wheelBytes: Number(bytes), installedBytes: Number(installed) });
    }
  }
  return sizes;
}

function main() {
  const sizes = measuredWheels(readFileSync(process.argv[2], 'utf8'));
  const sized = (name) => sizes.get(name) ?? null;
  const write = (file, rest) => {
    const head = {
      date: new Date().toISOString().slice(0, 10),
      source: 'written by hand; sizes measured from PyPI wheels (cp311, Linux x86_64)',
      script: 'scripts/tables/servingSurplus.mjs',
    };
    const body = Object.entries(rest).map(
      ([key, rows]) =>
        `${JSON.stringify(key)}:[\n${rows.map((row) => `  ${JSON.stringify(row)}`).join(',\n')}\n]`,
    );
    writeFileSync(
      new URL(`../../server/src/lint/data/${file}`, import.meta.url),
      `${JSON.stringify(head).slice(0, -1)},${body.join(',')}}\n`,
    );
  };
  const rows = Object.entries(training).flatMap(([kind, names]) =>
    names.map((name) => ({
      package: name,
      kind,
      size: sized(name),
      ...(brings[name]
        ? { brings: brings[name].map((other) => ({ package: other, size: sized(other) })) }
        : {}),
    })),
  );
  write('trainingPackages.json', { rows });
  write('guiPackages.json', {
    rows: gui.map(({ package: name, instead }) => ({
      package: name,
      size: sized(name),
      ...(instead ? { instead, insteadSize: sized(instead) } : {}),
    })),
    apt: guiApt,
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main();
