import type { PythonModule, PythonText, PythonValue } from '../python/pythonModule';
import { assignedValue } from '../python/pythonAnswers';
import { normalizedName } from './normalizedName';
import { type BadRequirement, type Requirement, readRequirement } from './requirement';

/** What setup.py or setup.cfg declares, as far as it is literal. */
export interface SetupRequirements {
  readonly installRequires: readonly Requirement[];
  readonly extras: ReadonlyMap<string, readonly Requirement[]>;
  readonly bad: readonly BadRequirement[];
  /** Some of it is computed (`install_requires=read_requirements()`), and so not known. */
  readonly isPartial: boolean;
}

const setupCallees = new Set(['setup', 'setuptools.setup', 'distutils.core.setup']);

/** `setup(install_requires=[...], extras_require={...})` of a setup.py. */
export function setupPyRequirements(module: PythonModule): SetupRequirements {
  const installRequires: Requirement[] = [];
  const extras = new Map<string, readonly Requirement[]>();
  const bad: BadRequirement[] = [];
  let isPartial = module.unread;
  const listed = (value: PythonValue): Requirement[] => {
    if (value.kind !== 'list') isPartial = true;
    const items = value.kind === 'list' ? value.items : [];
    if (items.some((item) => item.kind !== 'text')) isPartial = true;
    const texts = items.filter((item): item is PythonText => item.kind === 'text');
    return texts.flatMap(({ value: text, inner }) => [...requirementIn(text, inner.start, bad)]);
  };
  for (const call of module.calls) {
    if (!setupCallees.has(call.callee)) continue;
    for (const { name, spread, value: given } of call.arguments) {
      if (spread !== undefined) isPartial = true;
      const value = assignedValue(module, given, call.place);
      if (name === 'install_requires') installRequires.push(...listed(value));
      if (name !== 'extras_require') continue;
      if (value.kind !== 'dictionary' || value.open) isPartial = true;
      for (const entry of value.kind === 'dictionary' ? value.entries : []) {
        if (entry.key.kind === 'text') extras.set(normalizedName(entry.key.value), listed(entry.value));
        else isPartial = true;
      }
    }
  }
  return { installRequires, extras, bad, isPartial };
}

/** `[options] install_requires` and `[options.extras_require]` of a setup.cfg: one requirement a line. */
export function setupCfgRequirements(text: string): SetupRequirements {
  const installRequires: Requirement[] = [];
  const extras = new Map<string, Requirement[]>();
  const bad: BadRequirement[] = [];
  let section = '';
  let into: Requirement[] | undefined;
  let isPartial = false;
  for (const { line, start } of linesOf(text)) {
    const header = /^\[([^\]]*)\]/.exec(line);
    const key = header ? null : /^([\w.-]+)\s*[=:]/.exec(line);
    if (header) {
      section = header[1] ?? '';
      into = undefined;
    } else if (key) {
      const name = key[1] ?? '';
      into = undefined;
      if (section === 'options' && name === 'install_requires') into = installRequires;
      else if (section === 'options.extras_require') {
        into = extras.get(normalizedName(name)) ?? [];
        extras.set(normalizedName(name), into);
      }
      const rest = line.slice(key[0].length);
      if (into && /^\s*(?:file|attr):/.test(rest)) isPartial = true;
      else into?.push(...requirementIn(rest, start + key[0].length, bad));
    } else if (/^\s/.test(line) && into) {
      into.push(...requirementIn(line, start, bad));
    }
  }
  return { installRequires, extras, bad, isPartial };
}

function* linesOf(text: string): Generator<{ line: string; start: number }> {
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    yield { line: text.slice(start, end), start };
    start = end + 1;
  }
}

function* requirementIn(line: string, offset: number, bad: BadRequirement[]): Generator<Requirement> {
  const text = line.replace(/^\s*[#;].*|\s#.*/, '');
  if (text.trim() === '') return;
  const read = readRequirement(text, offset, { direct: false });
  if ('bad' in read) bad.push(read);
  else yield read;
}
